import Design
import Engine
import Features
import SwiftUI
import Texts

/// Whose phone this is, where his work is, what he can switch.
struct MeScreen: View {
    @State private var model: MeModel
    @AppStorage("lang") private var chosen = ""
    @Environment(Shell.self) private var shell
    @Environment(\.lang) private var lang

    init(_ shell: Shell) { _model = State(initialValue: MeModel(shell.engine)) }

    var body: some View {
        Frame(title: Word.me.of(lang)) {
            Show(loaded: model.state, again: model.read) { me in
                if let owner = me.owner { known(owner, me.settings) } else { NobodysPhone() }
            }
        }
        .task { await model.follow() }
    }

    @ViewBuilder private func known(_ owner: WhoAmI, _ settings: PhoneSettings) -> some View {
        Say(owner.name).type(.title, .semibold)
        Text(verbatim: owner.company).type(.body).quiet()
        if let problem = model.tap.problem { ErrorNotice(problem: problem) }
        Button {
            shell.showsTruth = true
        } label: {
            Way(symbol: "icloud", word: .truth, hint: .truthHint)
        }.buttonStyle(.plain)
        NavigationLink(value: Road.exchange) { Way(symbol: "arrow.left.arrow.right", word: .exchange, hint: .exchangeHint) }
            .buttonStyle(.plain)
        Part(word: .language) {
            Choices(values: ["", Lang.zh.rawValue, Lang.en.rawValue], chosen: chosen) {
                chosen = $0
            } label: { code in
                // A language is called by its own name in every language, so that whoever chose wrongly finds back.
                Text(verbatim: code == "zh" ? "简体中文" : code == "en" ? "English" : Word.langSystem.of(lang))
            }
        }
        Part(word: .position) {
            Switch(word: .positionOn, hint: .positionHint, isOn: !settings.positionPaused) { on in await model.setPosition(on) }
        }
        Part(word: .dataUse) {
            Switch(word: .wifiOnly, hint: .wifiOnlyHint, isOn: settings.wifiOnly) { on in await model.setWifiOnly(on) }
        }
        Part(word: .thisPhone) {
            Text(verbatim: owner.address).type(.small).quiet().textSelection(.enabled)
            NavigationLink(value: Road.enrol) { Way(symbol: "qrcode.viewfinder", word: .enrolAgain, hint: .enrolAgainHint) }
                .buttonStyle(.plain)
        }
    }
}

private struct Way: View {
    let symbol: String
    let word: Word
    let hint: Word

    var body: some View {
        HStack(spacing: Size.inset) {
            Image(systemName: symbol).foregroundStyle(Tone.accent.color).accessibilityHidden(true)
            VStack(alignment: .leading) {
                Say(word).type(.body)
                Say(hint).type(.small).quiet()
            }
            Spacer()
        }
        .frame(minHeight: Size.primary)
        .contentShape(.rect)
        .accessibilityElement(children: .combine)
    }
}

private struct Switch: View {
    let word: Word
    let hint: Word
    let isOn: Bool
    let set: (Bool) async -> Void

    var body: some View {
        Toggle(
            isOn: Binding {
                isOn
            } set: { on in
                Task { await set(on) }
            }
        ) {
            VStack(alignment: .leading) {
                Say(word).type(.body)
                Say(hint).type(.small).quiet()
            }
        }
        .frame(minHeight: Size.primary)
        .tint(Tone.accent.color)
    }
}
