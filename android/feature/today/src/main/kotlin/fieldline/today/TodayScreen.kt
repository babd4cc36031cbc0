package fieldline.today

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import fieldline.design.BadgeState
import fieldline.design.Choices
import fieldline.design.EmptyCard
import fieldline.design.ErrorNotice
import fieldline.design.Fieldline
import fieldline.design.Frame
import fieldline.design.Glyph
import fieldline.design.OfflineNotice
import fieldline.design.RevokedNotice
import fieldline.design.Rule
import fieldline.design.Show
import fieldline.design.Space
import fieldline.design.When
import fieldline.design.Word
import fieldline.design.say
import fieldline.engine.ListScope
import fieldline.engine.Loaded
import fieldline.engine.NextStep
import fieldline.engine.TicketLine

/** What a person can do on the first screen. */
interface TodayTaps {
    fun open(line: TicketLine)

    fun step(line: TicketLine, step: NextStep)

    fun map(line: TicketLine)

    fun choose(scope: ListScope)

    fun enrol()

    fun again()

    fun truth()
}

@Composable
fun TodayScreen(state: Loaded<TodayState>, badge: BadgeState, taps: TodayTaps) {
    val today = When.day(Fieldline.clock.nowMs(), Fieldline.lang)
    Frame(say(Word.Today), badge, taps::truth, under = today) {
        Show(state, taps::again) { day ->
            if (!day.enrolled) {
                EmptyCard(Glyph.Lock, say(Word.NotEnrolled), say(Word.NotEnrolledHint), say(Word.EnrolThisPhone), taps::enrol)
            } else {
                BoxWithConstraints(Modifier.fillMaxSize()) {
                    if (maxWidth >= Space.wide && day.next != null) TwoColumns(day, taps) else OneColumn(day, taps)
                }
            }
        }
    }
}

@Composable
private fun OneColumn(day: TodayState, taps: TodayTaps) {
    LazyColumn(
        Modifier.fillMaxSize(),
        contentPadding = PaddingValues(Space.l),
        verticalArrangement = Arrangement.spacedBy(Space.m),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        item { Column(Modifier.fillMaxWidth()) { Above(day, taps) } }
        day.next?.let { line -> item(key = line.ticket) { NextCard(line, day.busy, taps) } }
        list(day, taps)
    }
}

@Composable
private fun TwoColumns(day: TodayState, taps: TodayTaps) = Row(Modifier.fillMaxSize()) {
    Column(Modifier.weight(1f).padding(Space.l), Arrangement.spacedBy(Space.m)) {
        Above(day, taps)
        day.next?.let { NextCard(it, day.busy, taps) }
    }
    LazyColumn(Modifier.weight(1f).width(0.dp), contentPadding = PaddingValues(Space.l)) { list(day, taps) }
}

@Composable
private fun Above(day: TodayState, taps: TodayTaps) = Column(verticalArrangement = Arrangement.spacedBy(Space.m)) {
    Choices(
        ListScope.entries,
        day.scope,
        { say(when (it) { ListScope.Open -> Word.ToDo; ListScope.Done -> Word.DoneList; ListScope.Left -> Word.LeftList }) },
        onChoose = taps::choose,
    )
    if (day.revoked) RevokedNotice()
    if (day.offline && !day.revoked) OfflineNotice()
    day.failure?.let { ErrorNotice(it) }
}

private fun androidx.compose.foundation.lazy.LazyListScope.list(day: TodayState, taps: TodayTaps) {
    if (day.next == null && day.rest.isEmpty()) {
        item { Nothing(day.scope) }
        return
    }
    if (day.next != null && day.rest.isNotEmpty()) {
        item { Text(say(Word.After), Modifier.fillMaxWidth().padding(top = Space.s), style = Fieldline.type.strong, color = Fieldline.colours.quiet) }
    }
    items(day.rest, key = { it.ticket }) { line ->
        Column {
            TicketRow(line, onClick = { taps.open(line) })
            Rule()
        }
    }
}

@Composable
private fun Nothing(scope: ListScope) = when (scope) {
    ListScope.Open -> EmptyCard(Glyph.Tick, say(Word.NothingToDo), say(Word.NothingToDoHint))
    ListScope.Done -> EmptyCard(Glyph.List, say(Word.NothingDone), say(Word.NothingDoneHint))
    ListScope.Left -> EmptyCard(Glyph.List, say(Word.NothingLeftHere), say(Word.NothingLeftHereHint))
}
