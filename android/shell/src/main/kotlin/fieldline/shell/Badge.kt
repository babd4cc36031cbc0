package fieldline.shell

import fieldline.design.BadgeState
import fieldline.engine.Engine
import fieldline.engine.EngineFailure
import fieldline.engine.Truth

/** Follows what the badge shows. */
class Badge(private val engine: Engine) {
    suspend fun follow(show: (BadgeState) -> Unit) {
        read(show)
        engine.changes.collect { if (it.status) read(show) }
    }

    private suspend fun read(show: (BadgeState) -> Unit) {
        try {
            show(of(engine.truth()))
        } catch (_: EngineFailure) {
            // The screen in front says what is wrong with the store.
        }
    }

    companion object {
        /** What somebody has to look at goes before what merely waits. */
        fun of(truth: Truth) = BadgeState(pending = truth.savedHere, attention = truth.cards.size + truth.missing.size + truth.missingUnnamed)
    }
}
