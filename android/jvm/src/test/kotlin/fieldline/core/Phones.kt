package fieldline.core

import fieldline.engine.Loaded
import fieldline.engine.rust.RustEngine
import java.io.File
import java.nio.file.Files
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.withTimeout

/** Waits that end a test which would never end; nothing is measured by them. */
const val PATIENCE_MS = 120_000L

fun newStore(): File = File(Files.createTempDirectory("fieldline-kotlin").toFile(), "phone.db")

suspend fun open(store: File): RustEngine = RustEngine.open(store.path, "kotlin-test", null)

/** Waits until a screen shows what is asked for. */
suspend fun <T> StateFlow<Loaded<T>>.shows(what: (T) -> Boolean): T = withTimeout(PATIENCE_MS) {
    val state = first { it is Loaded.Failed || (it is Loaded.Here && what(it.value)) }
    if (state is Loaded.Failed) throw state.failure
    (state as Loaded.Here).value
}
