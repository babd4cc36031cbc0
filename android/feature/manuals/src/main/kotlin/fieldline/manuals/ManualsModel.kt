package fieldline.manuals

import fieldline.engine.Article
import fieldline.engine.ArticleFile
import fieldline.engine.ArticleLine
import fieldline.engine.Engine
import fieldline.engine.EngineFailure
import fieldline.engine.Loaded
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What a search shows. */
data class ManualsState(val query: String = "", val lines: List<ArticleLine> = emptyList(), val read: Boolean = false)

/** Manuals and articles: search. A newer query ends the older one, so an answer never belongs to another question. */
class ManualsModel(private val engine: Engine, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow<Loaded<ManualsState>>(Loaded.Not)
    val state: StateFlow<Loaded<ManualsState>> = shown.asStateFlow()
    private var asking: Job? = null

    init {
        find("")
    }

    fun find(query: String) {
        shown.update { Loaded.Here(((it as? Loaded.Here)?.value ?: ManualsState()).copy(query = query)) }
        asking?.cancel()
        asking = scope.launch {
            shown.value = try {
                Loaded.Here(ManualsState(query, engine.articles(query.trim()), read = true))
            } catch (failure: EngineFailure) {
                Loaded.Failed(failure)
            }
        }
    }

    fun again() = find((shown.value as? Loaded.Here)?.value?.query.orEmpty())
}

/** What the reader shows. [section] is the one that is being written beside; [draft] what is written. */
data class ArticleState(
    val article: Article,
    val writing: Boolean = false,
    val section: String? = null,
    val draft: String = "",
    val busy: Boolean = false,
    val failure: EngineFailure? = null,
)

/** One article: read it, write beside it. */
class ArticleModel(private val engine: Engine, val article: String, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow<Loaded<ArticleState>>(Loaded.Not)
    val state: StateFlow<Loaded<ArticleState>> = shown.asStateFlow()

    init {
        scope.launch { read() }
    }

    fun again() {
        scope.launch { read() }
    }

    fun write(section: String?, beginning: String = "") = change { it.copy(writing = true, section = section, draft = beginning) }

    fun draft(text: String) = change { it.copy(draft = text) }

    fun leave() = change { it.copy(writing = false, draft = "") }

    fun save() {
        val state = (shown.value as? Loaded.Here)?.value ?: return
        if (state.busy || state.draft.isBlank()) return
        change { it.copy(busy = true, failure = null) }
        scope.launch {
            try {
                engine.annotate(article, state.section, state.draft.trim())
                read()
            } catch (failure: EngineFailure) {
                change { it.copy(busy = false, failure = failure) }
            }
        }
    }

    /** A file that is not on this phone is fetched; that may wait for the network, and the reader stays open. */
    fun file(file: ArticleFile, onFile: (ByteArray) -> Unit) {
        scope.launch {
            try {
                onFile(engine.file(article, file.operation))
                read()
            } catch (failure: EngineFailure) {
                change { it.copy(failure = failure) }
            }
        }
    }

    private suspend fun read() {
        shown.value = try {
            Loaded.Here(ArticleState(engine.article(article)))
        } catch (failure: EngineFailure) {
            Loaded.Failed(failure)
        }
    }

    private fun change(how: (ArticleState) -> ArticleState) = shown.update {
        if (it is Loaded.Here) Loaded.Here(how(it.value)) else it
    }
}
