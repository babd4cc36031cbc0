package fieldline.shell

import fieldline.ticket.TicketSection

/** A screen and what it is about. Written as text it survives the system killing the app. */
sealed interface Route {
    enum class Tab : Route { Today, Parts, Manuals, Me }

    data class Ticket(val ticket: String) : Route

    data class Section(val ticket: String, val section: TicketSection) : Route

    data class Article(val article: String) : Route

    data object Truth : Route

    data object Enrol : Route

    data object Exchange : Route
}

/** A route as text; [Way.parse] reads it. */
fun Route.text(): String = when (this) {
    is Route.Tab -> "tab $name"
    is Route.Ticket -> "ticket $ticket"
    is Route.Section -> "section $ticket ${section.name}"
    is Route.Article -> "article $article"
    Route.Truth -> "truth"
    Route.Enrol -> "enrol"
    Route.Exchange -> "exchange"
}

/** Where one is and how one came there. The first is always a tab. */
data class Way(val stack: List<Route> = listOf(Route.Tab.Today)) {
    val here: Route get() = stack.last()
    val tab: Route.Tab get() = stack.first() as Route.Tab

    fun to(route: Route): Way = when {
        route is Route.Tab -> Way(listOf(route))
        route == here -> this
        else -> Way(stack + route)
    }

    /** Null where back leaves the app. From another tab it leads to today first. */
    fun back(): Way? = when {
        stack.size > 1 -> Way(stack.dropLast(1))
        tab != Route.Tab.Today -> Way()
        else -> null
    }

    fun text(): String = stack.joinToString("\n") { it.text() }

    companion object {
        /** What an older or newer app wrote is no reason to fail: one begins with today then. */
        fun parse(text: String): Way {
            val stack = text.lines().map { line -> parseOne(line.split(' ')) ?: return Way() }
            return if (stack.firstOrNull() is Route.Tab) Way(stack) else Way()
        }

        private fun parseOne(words: List<String>): Route? = when (words[0]) {
            "tab" -> Route.Tab.entries.firstOrNull { it.name == words.getOrNull(1) }
            "ticket" -> words.getOrNull(1)?.let { Route.Ticket(it) }
            "section" -> TicketSection.entries.firstOrNull { it.name == words.getOrNull(2) }?.let { Route.Section(words[1], it) }
            "article" -> words.getOrNull(1)?.let { Route.Article(it) }
            "truth" -> Route.Truth
            "enrol" -> Route.Enrol
            "exchange" -> Route.Exchange
            else -> null
        }
    }
}
