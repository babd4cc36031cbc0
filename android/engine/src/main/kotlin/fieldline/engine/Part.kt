package fieldline.engine

/** A van or a warehouse. */
data class StockPlace(val location: String, val name: Words, val van: Boolean, val mine: Boolean = false)

/** Stock of one part at one place. */
data class PartLine(
    val location: String,
    val part: String,
    val number: String,
    val name: Words,
    val place: Words,
    /** HQ's ledger minus what this phone used or moved since. */
    val quantity: Int,
    /** How many of them are this phone's to use alone. */
    val mine: Int = 0,
    val inDoubt: Int = 0,
    val unconfirmed: Int = 0,
    val unexplained: Int = 0,
    val requested: Int = 0,
    /** When HQ said so. */
    val asOfMs: Long,
)

/** What a list of parts asks for. */
data class PartFilter(val myVan: Boolean = false, val part: String? = null, val words: String = "")

/** A fault, cause or remedy of the company's catalogue. */
data class Code(val code: String, val sort: CodeSort, val category: String?, val words: Words)
