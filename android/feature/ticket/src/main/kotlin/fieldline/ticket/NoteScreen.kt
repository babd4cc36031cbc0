package fieldline.ticket

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import fieldline.design.BadgeState
import fieldline.design.BottomBar
import fieldline.design.ErrorNotice
import fieldline.design.Frame
import fieldline.design.Gap
import fieldline.design.Glyph
import fieldline.design.Hint
import fieldline.design.Part
import fieldline.design.PrimaryButton
import fieldline.design.QuietButton
import fieldline.design.Scroll
import fieldline.design.Show
import fieldline.design.Space
import fieldline.design.TextBox
import fieldline.design.Word
import fieldline.design.say
import fieldline.engine.EntryKind
import fieldline.engine.Loaded

/** What a person can do on the notes. */
interface NoteTaps {
    fun back()

    fun truth()

    fun again()

    /** Speech instead of typing, where the phone can; what was heard comes into the field. */
    fun dictate()

    fun save()

    fun write(text: String)
}

/** Notes: the new one first, the earlier ones under it. [draft] survives the system killing the app: the shell keeps it. */
@Composable
fun NoteScreen(state: Loaded<TicketState>, draft: String, canDictate: Boolean, badge: BadgeState, taps: NoteTaps) {
    val here = (state as? Loaded.Here)?.value
    val enabled = here?.canWrite == true && !here.busy && draft.isNotBlank()
    Frame(
        say(Word.Notes),
        badge,
        taps::truth,
        taps::back,
        bottom = {
            BottomBar {
                Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(Space.s)) {
                    if (canDictate) QuietButton(say(Word.Dictate), Glyph.Mic, tall = true) { taps.dictate() }
                    PrimaryButton(say(Word.SaveNote), Glyph.Tick, Modifier.weight(1f), enabled) { taps.save() }
                }
            }
        },
    ) {
        Show(state, taps::again) { ticket ->
            Scroll {
                ticket.failure?.let { ErrorNotice(it) }
                TextBox("", draft, lines = 4, hint = say(Word.NoteHint), onChange = taps::write)
                Gap(Space.xl)
                val notes = ticket.ticket.entries.filter { it.kind == EntryKind.Note }.asReversed()
                Part(say(Word.EarlierNotes)) {
                    if (notes.isEmpty()) Hint(say(Word.NoNotes))
                    Column(verticalArrangement = Arrangement.spacedBy(Space.m)) { notes.forEach { EntryRow(it) } }
                }
            }
        }
    }
}
