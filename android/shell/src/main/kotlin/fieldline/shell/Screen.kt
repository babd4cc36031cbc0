package fieldline.shell

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import fieldline.engine.Lang
import fieldline.design.Fieldline
import fieldline.engine.ArticleFile
import fieldline.engine.ListScope
import fieldline.engine.NextStep
import fieldline.engine.TicketLine
import fieldline.manuals.ArticleModel
import fieldline.manuals.ArticleScreen
import fieldline.manuals.ArticleTaps
import fieldline.manuals.ManualsModel
import fieldline.manuals.ManualsScreen
import fieldline.manuals.ManualsTaps
import fieldline.parts.Deed
import fieldline.parts.PartsModel
import fieldline.parts.PartsScreen
import fieldline.parts.PartsTaps
import fieldline.today.TodayModel
import fieldline.today.TodayScreen
import fieldline.today.TodayTaps
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch

/** The screen of a route. A model lives as long as its screen is in front; everything it knows is on the disk. */
@Composable
fun Screen(route: Route, around: Around) = key(route) {
    when (route) {
        Route.Tab.Today -> TodayRoute(around)
        Route.Tab.Parts -> PartsRoute(null, around)
        Route.Tab.Manuals -> ManualsRoute(around)
        Route.Tab.Me -> MeRoute(around)
        is Route.Ticket -> TicketRoute(route.ticket, around)
        is Route.Section -> SectionRoute(route, around)
        is Route.Article -> ArticleRoute(route.article, around)
        Route.Truth -> TruthRoute(around)
        Route.Enrol -> EnrolRoute(around)
        Route.Exchange -> ExchangeRoute(around)
    }
}

@Composable
internal fun <M> model(make: (CoroutineScope) -> M): M {
    val scope = rememberCoroutineScope()
    return remember { make(scope) }
}

@Composable
private fun TodayRoute(around: Around) {
    val model = model { TodayModel(around.engine, it) }
    val state by model.state.collectAsState()
    val scope = rememberCoroutineScope()
    val lang = Fieldline.lang
    LaunchedEffect(around.offline) { model.setOffline(around.offline) }
    val taps = object : TodayTaps {
        override fun open(line: TicketLine) = around.go(Route.Ticket(line.ticket))

        override fun step(line: TicketLine, step: NextStep) = model.step(line, step)

        override fun map(line: TicketLine) {
            scope.launch { around.askMap(MapQuestion(placeOf(around, line.ticket), line.customer.of(lang))) }
        }

        override fun choose(scope: ListScope) = model.choose(scope)

        override fun enrol() = around.go(Route.Enrol)

        override fun again() = model.again()

        override fun truth() = around.go(Route.Truth)
    }
    TodayScreen(state, around.badge, taps)
}

private suspend fun placeOf(around: Around, ticket: String) = runCatching { around.engine.ticket(ticket).place }.getOrNull()

@Composable
internal fun PartsRoute(ticket: String?, around: Around) {
    val model = model { PartsModel(around.engine, ticket, it) }
    val state by model.state.collectAsState()
    val taps = object : PartsTaps {
        override fun back() = around.back()

        override fun truth() = around.go(Route.Truth)

        override fun again() = model.again()

        override fun look(myVan: Boolean) = model.look(myVan)

        override fun find(words: String) = model.find(words)

        override fun scan() = around.handset.scan { model.find(it) }

        override fun choose(line: fieldline.engine.PartLine) = model.choose(line)

        override fun say(deed: Deed) = model.say(deed)

        override fun quantity(quantity: Int) = model.quantity(quantity)

        override fun goal(place: fieldline.engine.StockPlace) = model.goal(place)

        override fun leave() = model.leave()

        override fun save() = model.save()
    }
    PartsScreen(state, around.badge, taps)
}

@Composable
private fun ManualsRoute(around: Around) {
    val model = model { ManualsModel(around.engine, it) }
    val state by model.state.collectAsState()
    val taps = object : ManualsTaps {
        override fun truth() = around.go(Route.Truth)

        override fun again() = model.again()

        override fun find(query: String) = model.find(query)

        override fun open(article: String) = around.go(Route.Article(article))
    }
    ManualsScreen(state, around.badge, taps)
}

@Composable
private fun ArticleRoute(article: String, around: Around) {
    val model = model { ArticleModel(around.engine, article, it) }
    val state by model.state.collectAsState()
    val lang: Lang = Fieldline.lang
    val taps = object : ArticleTaps {
        override fun back() = around.back()

        override fun truth() = around.go(Route.Truth)

        override fun again() = model.again()

        override fun write(section: String?, beginning: String) = model.write(section, beginning)

        override fun draft(text: String) = model.draft(text)

        override fun leave() = model.leave()

        override fun save() = model.save()

        override fun file(file: ArticleFile) = model.file(file) { around.handset.showPdf(it, file.title.of(lang)) }
    }
    ArticleScreen(state, around.badge, taps)
}
