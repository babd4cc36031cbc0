import Engine
import Features
import SwiftUI
import Texts

private struct LangKey: EnvironmentKey { static let defaultValue = Lang.system }
private struct ClockKey: EnvironmentKey { static let defaultValue = Clock() }

extension EnvironmentValues {
    /// The language of the screens: the phone's, or the one the person chose.
    var lang: Lang {
        get { self[LangKey.self] }
        set { self[LangKey.self] = newValue }
    }
    var clock: Clock {
        get { self[ClockKey.self] }
        set { self[ClockKey.self] = newValue }
    }
    var moments: Moments { Moments(lang: lang, nowMs: clock.nowMs, calendar: clock.calendar) }
}

extension Lang {
    /// A phone of a third language reads English.
    static var system: Lang { Locale.preferredLanguages.first?.hasPrefix("zh") == true ? .zh : .en }

    var locale: Locale { Locale(identifier: self == .zh ? "zh-Hans" : "en-GB") }
}

/// One of the app's texts, or one of the core's, in the language of the screen.
struct Say: View {
    @Environment(\.lang) private var lang
    private let text: (Lang) -> String

    init(_ word: Word, _ blanks: CustomStringConvertible...) {
        let blanks = blanks.map(\.description)
        text = { word.filled($0, blanks) }
    }

    init(_ words: Words) { text = { words.of($0) } }

    var body: some View { Text(verbatim: text(lang)) }
}
