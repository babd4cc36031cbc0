package fieldline.shell

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import fieldline.engine.Card
import fieldline.me.EnrolModel
import fieldline.me.EnrolScreen
import fieldline.me.EnrolTaps
import fieldline.me.ExchangeModel
import fieldline.me.ExchangeScreen
import fieldline.me.ExchangeTaps
import fieldline.me.LangChoice
import fieldline.me.MeModel
import fieldline.me.MeScreen
import fieldline.me.MeTaps
import fieldline.me.TruthScreen
import fieldline.me.TruthTaps

@Composable
internal fun MeRoute(around: Around) {
    val model = model { MeModel(around.engine, it) }
    val state by model.state.collectAsState()
    val taps = object : MeTaps {
        override fun truth() = around.go(Route.Truth)

        override fun again() = model.again()

        override fun enrol() = around.go(Route.Enrol)

        override fun exchange() = around.go(Route.Exchange)

        override fun lang(choice: LangChoice) = around.handset.chooseLang(choice)

        override fun position(on: Boolean) = model.position(on)

        override fun wifiOnly(on: Boolean) = model.wifiOnly(on)
    }
    MeScreen(state, around.handset.lang, around.badge, taps)
}

@Composable
internal fun TruthRoute(around: Around) {
    val model = model { MeModel(around.engine, it) }
    val state by model.state.collectAsState()
    val taps = object : TruthTaps {
        override fun back() = around.back()

        override fun again() = model.again()

        override fun sync() = model.sync()

        /** He does it again on the ticket itself, with his own words on the clipboard. */
        override fun redo(card: Card) {
            if (card.ownWords.isNotEmpty()) around.handset.copy(card.ownWords)
            card.ticket?.let { around.go(Route.Ticket(it)) }
        }

        override fun copy(card: Card) = around.handset.copy(card.ownWords)

        override fun dismiss(card: Card) = model.dismiss(card.operation)

        override fun open(ticket: String) = around.go(Route.Ticket(ticket))
    }
    TruthScreen(state, taps)
}

@Composable
internal fun EnrolRoute(around: Around) {
    val model = model { EnrolModel(around.engine, around.handset.name, it) }
    val state by model.state.collectAsState()
    val taps = object : EnrolTaps {
        override fun back() = around.back()

        override fun scan() = around.handset.scan { model.scanned(it) }

        override fun link(text: String) = model.link(text)

        override fun device(name: String) = model.device(name)

        override fun enrol() = model.enrol()

        override fun begin() = around.go(Route.Tab.Today)
    }
    EnrolScreen(state, taps)
}

@Composable
internal fun ExchangeRoute(around: Around) {
    val model = model { ExchangeModel(around.engine, it) }
    val state by model.state.collectAsState()
    val picture = remember(state.code) { state.code?.let(around.handset::qr) }
    val taps = object : ExchangeTaps {
        override fun back() {
            model.leave()
            around.back()
        }

        override fun truth() = around.go(Route.Truth)

        override fun show() = model.show()

        override fun scan() = around.handset.scan { model.scanned(it) }

        override fun leave() = model.leave()
    }
    ExchangeScreen(state, picture, around.badge, taps)
}
