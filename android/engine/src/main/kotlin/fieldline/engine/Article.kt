package fieldline.engine

/** One article or manual in a list. */
data class ArticleLine(val article: String, val manual: Boolean, val title: Words, val category: String? = null)

/** One section of it. */
data class Section(val operation: String, val heading: Words, val body: Words)

/** What somebody wrote beside it, or beside one of its sections. */
data class Annotation(
    val section: String?,
    val text: String,
    val by: Who,
    val name: Words,
    val atMs: Long,
    val pending: Boolean = false,
)

/** A file of an article, for instance the maker's PDF. */
data class ArticleFile(val operation: String, val title: Words, val bytes: Long, val pages: Int?, val here: Boolean)

/** An article to read. */
data class Article(
    val line: ArticleLine,
    val sections: List<Section>,
    val files: List<ArticleFile> = emptyList(),
    val annotations: List<Annotation> = emptyList(),
)
