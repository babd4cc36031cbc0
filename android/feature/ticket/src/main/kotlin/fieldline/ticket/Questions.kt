package fieldline.ticket

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import fieldline.design.Fieldline
import fieldline.design.Hint
import fieldline.design.PrimaryButton
import fieldline.design.QuietButton
import fieldline.design.Sheet
import fieldline.design.TextBox
import fieldline.design.Word
import fieldline.design.say
import fieldline.engine.DeclineReason
import fieldline.engine.PauseReason

/** Why work rests: one tap, and it rests. */
@Composable
fun PauseSheet(taps: TicketTaps) = Sheet(say(Word.WhyPause), taps::leaveQuestion) {
    PauseReason.entries.forEach { reason ->
        QuietButton(say(pauseWord(reason)), modifier = Modifier.fillMaxWidth(), tall = true) { taps.pause(reason) }
    }
}

/** Why not: HQ gives the visit to somebody else, so this asks before it is saved. */
@Composable
fun DeclineSheet(taps: TicketTaps) {
    var other by remember { mutableStateOf(false) }
    var text by remember { mutableStateOf("") }
    Sheet(say(Word.WhyDecline), taps::leaveQuestion) {
        Hint(say(Word.WhyDeclineHint))
        if (other) {
            Column {
                TextBox("", text, lines = 3, hint = say(Word.InYourWords)) { text = it }
                PrimaryButton(say(Word.Decline), modifier = Modifier.fillMaxWidth(), enabled = text.isNotBlank()) {
                    taps.decline(DeclineReason.Other, text.trim())
                }
            }
        } else {
            DeclineReason.entries.forEach { reason ->
                QuietButton(say(declineWord(reason)), modifier = Modifier.fillMaxWidth(), tall = true, colour = Fieldline.colours.ink) {
                    if (reason == DeclineReason.Other) other = true else taps.decline(reason, "")
                }
            }
        }
    }
}

private fun pauseWord(reason: PauseReason) = when (reason) {
    PauseReason.Break -> Word.PauseBreak
    PauseReason.WaitingParts -> Word.PauseParts
    PauseReason.WaitingCustomer -> Word.PauseCustomer
    PauseReason.NoAccess -> Word.PauseNoAccess
    PauseReason.Unsafe -> Word.PauseUnsafe
}

private fun declineWord(reason: DeclineReason) = when (reason) {
    DeclineReason.NoTime -> Word.DeclineNoTime
    DeclineReason.Skill -> Word.DeclineSkill
    DeclineReason.NoPart -> Word.DeclineNoPart
    DeclineReason.TooFar -> Word.DeclineTooFar
    DeclineReason.Ill -> Word.DeclineIll
    DeclineReason.Other -> Word.DeclineOther
}
