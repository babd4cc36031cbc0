package fieldline.ticket

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.unit.dp
import fieldline.design.BadgeState
import fieldline.design.BottomBar
import fieldline.design.EmptyCard
import fieldline.design.ErrorNotice
import fieldline.design.Fieldline
import fieldline.design.Frame
import fieldline.design.Glyph
import fieldline.design.GlyphIcon
import fieldline.design.Hint
import fieldline.design.PrimaryButton
import fieldline.design.QuietButton
import fieldline.design.Scroll
import fieldline.design.Show
import fieldline.design.Space
import fieldline.design.Word
import fieldline.design.moment
import fieldline.design.say
import fieldline.engine.Loaded
import fieldline.engine.PhotoLine
import fieldline.engine.PhotoShows
import fieldline.engine.PhotoState

/** What a person can do on the photos. */
interface PhotosTaps {
    fun back()

    fun truth()

    fun again()

    fun take(shows: PhotoShows)
}

/** Photos before and after. [thumb] gives the small picture where it is here; a photo is shown by its words until then. */
@Composable
fun PhotosScreen(
    state: Loaded<TicketState>,
    badge: BadgeState,
    taps: PhotosTaps,
    thumb: @Composable (PhotoLine) -> ImageBitmap?,
) {
    val here = (state as? Loaded.Here)?.value
    Frame(say(Word.Photos), badge, taps::truth, taps::back, bottom = { if (here?.canWrite == true) Take(here, taps) }) {
        Show(state, taps::again) { ticket ->
            val photos = ticket.ticket.photos
            if (photos.isEmpty()) return@Show EmptyCard(Glyph.Camera, say(Word.NoPhotos), say(Word.NoPhotosHint))
            Scroll {
                ticket.failure?.let { ErrorNotice(it) }
                Column(verticalArrangement = Arrangement.spacedBy(Space.m)) { photos.forEach { Row1(it, thumb(it)) } }
            }
        }
    }
}

@Composable
private fun Take(state: TicketState, taps: PhotosTaps) = BottomBar {
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(Space.s)) {
        val before = state.ticket.photos.any { it.shows == PhotoShows.Before }
        val first = if (before) PhotoShows.After else PhotoShows.Before
        val second = if (before) PhotoShows.Before else PhotoShows.After
        QuietButton(say(photoWord(second)), tall = true, enabled = !state.busy) { taps.take(second) }
        PrimaryButton(say(photoWord(first)), Glyph.Camera, Modifier.weight(1f), enabled = !state.busy) { taps.take(first) }
    }
}

@Composable
private fun Row1(photo: PhotoLine, picture: ImageBitmap?) = Row(
    Modifier.fillMaxWidth(),
    Arrangement.spacedBy(Space.m),
    Alignment.CenterVertically,
) {
    Box(Modifier.size(96.dp).clip(RoundedCornerShape(Space.radius)).background(Fieldline.colours.mist), Alignment.Center) {
        if (picture != null) {
            Image(picture, say(shownWord(photo.shows)), Modifier.fillMaxSize(), contentScale = ContentScale.Crop)
        } else {
            GlyphIcon(Glyph.Camera, 32.dp, Fieldline.colours.quiet)
        }
    }
    Column(Modifier.weight(1f)) {
        Text(say(shownWord(photo.shows)), style = Fieldline.type.strong)
        if (photo.caption.isNotEmpty()) Text(photo.caption)
        Hint(moment(photo.atMs))
        Hint(
            say(stateWord(photo.state)),
            Modifier.padding(top = Space.xs),
            if (photo.state == PhotoState.Refused || photo.state == PhotoState.Lost) Fieldline.colours.breach else Fieldline.colours.quiet,
        )
    }
}

private fun shownWord(shows: PhotoShows) = when (shows) {
    PhotoShows.Before -> Word.ShowsBefore
    PhotoShows.After -> Word.ShowsAfter
    PhotoShows.Other -> Word.ShowsOther
}

private fun photoWord(shows: PhotoShows) = when (shows) {
    PhotoShows.Before -> Word.PhotoBefore
    PhotoShows.After -> Word.PhotoAfter
    PhotoShows.Other -> Word.TakePhoto
}

private fun stateWord(state: PhotoState) = when (state) {
    PhotoState.Waiting -> Word.PhotoWaiting
    PhotoState.AtHq -> Word.PhotoAtHq
    PhotoState.Refused -> Word.PhotoRefused
    PhotoState.Lost -> Word.PhotoLost
    PhotoState.Elsewhere -> Word.PhotoElsewhere
}
