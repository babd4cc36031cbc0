package fieldline.parts

import fieldline.engine.EngineFailure
import fieldline.engine.PartLine
import fieldline.engine.StockPlace

/** What a person does with a part. */
enum class Deed { Use, Return, Request, Transfer }

/** A deed that is being said: how many, and where to. */
data class Saying(val line: PartLine, val deed: Deed, val quantity: Int = 1, val to: StockPlace? = null)

/** Parts: the van's, or what lies anywhere. With [ticket] a part can be used, asked for and moved; without, only looked up. */
data class PartsState(
    val ticket: String? = null,
    val myVan: Boolean = true,
    val words: String = "",
    val lines: List<PartLine> = emptyList(),
    val places: List<StockPlace> = emptyList(),
    /** The line whose deeds are shown. */
    val chosen: PartLine? = null,
    val saying: Saying? = null,
    val busy: Boolean = false,
    val saved: Deed? = null,
    val failure: EngineFailure? = null,
) {
    private fun place(line: PartLine) = places.firstOrNull { it.location == line.location }

    /** What may be done with a part there. Everything is written under a ticket, so without one nothing is. */
    fun deeds(line: PartLine): List<Deed> = when {
        ticket == null -> emptyList()
        place(line)?.mine == true -> listOf(Deed.Use, Deed.Return, Deed.Transfer)
        else -> listOf(Deed.Request)
    }

    /** Where a part can go with this deed. */
    fun goals(saying: Saying): List<StockPlace> = when (saying.deed) {
        Deed.Return -> places.filter { !it.van }
        Deed.Transfer -> places.filter { it.van && !it.mine }
        Deed.Use, Deed.Request -> emptyList()
    }

    /** More than lie there can be asked for, and used: HQ then asks about the rest. Nobody hands over what is not there. */
    fun most(saying: Saying): Int = when (saying.deed) {
        Deed.Use, Deed.Request -> QUANTITY_MAX
        Deed.Return, Deed.Transfer -> saying.line.quantity.coerceIn(1, QUANTITY_MAX)
    }
}

/** More of one part than this in one go is a slip of the thumb. */
private const val QUANTITY_MAX = 99
