package fieldline.manuals

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import fieldline.design.BadgeState
import fieldline.design.BottomBar
import fieldline.design.ErrorNotice
import fieldline.design.Fieldline
import fieldline.design.Frame
import fieldline.design.Gap
import fieldline.design.Glyph
import fieldline.design.GlyphIcon
import fieldline.design.Hint
import fieldline.design.Panel
import fieldline.design.Part
import fieldline.design.PrimaryButton
import fieldline.design.QuietButton
import fieldline.design.Scroll
import fieldline.design.Sheet
import fieldline.design.Show
import fieldline.design.Space
import fieldline.design.TapRow
import fieldline.design.TextBox
import fieldline.design.Word
import fieldline.design.moment
import fieldline.design.say
import fieldline.engine.Annotation
import fieldline.engine.ArticleFile
import fieldline.engine.Loaded

/** What a person can do with an article. */
interface ArticleTaps {
    fun back()

    fun truth()

    fun again()

    /** Beside a section, or beside the whole; with the outline of a solution where one is written. */
    fun write(section: String?, beginning: String)

    fun draft(text: String)

    fun leave()

    fun save()

    fun file(file: ArticleFile)
}

@Composable
fun ArticleScreen(state: Loaded<ArticleState>, badge: BadgeState, taps: ArticleTaps) {
    val here = (state as? Loaded.Here)?.value
    val outline = say(Word.SolutionOutline)
    Box(Modifier.fillMaxSize()) {
        Frame(
            say(if (here?.article?.line?.manual == true) Word.Manual else Word.Article),
            badge,
            taps::truth,
            taps::back,
            bottom = here?.let {
                { BottomBar { PrimaryButton(say(Word.WriteSolution), Glyph.Pen, Modifier.fillMaxWidth()) { taps.write(null, outline) } } }
            },
        ) { Show(state, taps::again) { Reader(it, taps) } }
        if (here?.writing == true) Writing(here, taps)
    }
}

@Composable
private fun Reader(state: ArticleState, taps: ArticleTaps) = Scroll {
    val article = state.article
    state.failure?.let { ErrorNotice(it) }
    Text(say(article.line.title), style = Fieldline.type.big)
    Gap()
    article.files.forEach { FileRow(it, taps) }
    article.sections.forEach { section ->
        Part(say(section.heading)) {
            Text(say(section.body))
            Notes(article.annotations.filter { it.section == section.operation })
            QuietButton(say(Word.WriteBeside), Glyph.Pen, Modifier.padding(top = Space.s)) { taps.write(section.operation, "") }
        }
    }
    Part(say(Word.FromColleagues)) {
        val whole = article.annotations.filter { it.section == null }
        if (whole.isEmpty()) Hint(say(Word.NothingWritten))
        Notes(whole)
    }
}

@Composable
private fun FileRow(file: ArticleFile, taps: ArticleTaps) = TapRow(onClick = { taps.file(file) }) {
    GlyphIcon(Glyph.Doc, tint = Fieldline.colours.accent)
    Column(Modifier.weight(1f)) {
        Text(say(file.title))
        val size = say(Word.Megabytes, "%.1f".format(file.bytes / 1_000_000.0))
        val pages = file.pages?.let { " · " + say(Word.Pages, it) }.orEmpty()
        Hint(size + pages + " · " + say(if (file.here) Word.OnThisPhone else Word.FetchedWhenOpened))
    }
}

@Composable
private fun Notes(notes: List<Annotation>) = Column(verticalArrangement = Arrangement.spacedBy(Space.s)) {
    notes.forEach { note ->
        Panel(Modifier.padding(top = Space.s)) {
            Text(note.text)
            Row(horizontalArrangement = Arrangement.spacedBy(Space.xs)) {
                Hint("${say(note.name)} · ${moment(note.atMs)}")
                if (note.pending) Hint("· " + say(Word.SavedHere), colour = Fieldline.colours.pending)
            }
        }
    }
}

@Composable
private fun Writing(state: ArticleState, taps: ArticleTaps) = Sheet(say(Word.WriteBeside), taps::leave) {
    state.failure?.let { ErrorNotice(it) }
    TextBox("", state.draft, lines = 5, hint = say(Word.WriteHint), onChange = taps::draft)
    PrimaryButton(say(Word.Save), Glyph.Tick, Modifier.fillMaxWidth(), enabled = state.draft.isNotBlank() && !state.busy) { taps.save() }
}
