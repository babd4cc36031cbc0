import Design
import Engine
import Features
import SwiftUI
import Texts

/// Two phones at a site without signal: one shows a code, the other scans it.
struct ExchangeScreen: View {
    @State private var model: ExchangeModel
    @State private var scans = false
    @Environment(\.lang) private var lang

    init(_ shell: Shell) { _model = State(initialValue: ExchangeModel(shell.engine)) }

    var body: some View {
        Frame(title: Word.exchange.of(lang)) {
            switch model.state {
            case .idle:
                Say(.exchangeHow).type(.body)
            case .waiting(let code):
                Say(.letHimScan).type(.title, .semibold)
                QrCode(text: code).frame(maxWidth: .infinity).accessibilityElement()
                    .accessibilityLabel(Text(verbatim: Word.codeOfThisPhone.of(lang)))
                Say(.waitingForHim).type(.body).quiet()
            case .joining:
                Say(.exchanging).type(.body)
            case .met(let meet):
                Outcome(meet: meet)
            case .failed(let problem):
                ErrorNotice(problem: problem)
                Say(.exchangeHow).type(.body)
            }
            Say(.exchangeSafe).type(.small).quiet()
        } bottom: {
            if model.isUnderWay {
                QuietButton(word: .endExchange, symbol: "xmark", wide: true) { Task { await model.leave() } }
            } else {
                QuietButton(word: .scanColleague, symbol: "qrcode.viewfinder", wide: true) { scans = true }
                PrimaryButton(word: .showCode, symbol: "qrcode") { model.show() }
            }
        }
        .fullScreenCover(isPresented: $scans) { Scanner { model.scanned($0) } }
        .onDisappear { Task { await model.leave() } }
    }
}

private struct Outcome: View {
    let meet: Meet
    @Environment(\.lang) private var lang

    var body: some View {
        Notice(symbol: "checkmark", tone: .done) {
            Say(.metWith, meet.withName.of(lang))
        } content: {
            Text(verbatim: "\(given)\n\(taken)")
        }
    }

    private var given: String {
        switch meet.handed {
        case .nothing, .tooLarge: Word.nothingHanded.of(lang)
        case .taken(let operations, _, _, _): Word.handed.of(lang, operations)
        case .unheard(let operations), .notTaken(let operations): Word.handedUnheard.of(lang, operations)
        }
    }

    private var taken: String {
        guard let carried = meet.taken?.carried, carried > 0 else { return Word.nothingTaken.of(lang) }
        return Word.taken.of(lang, carried)
    }
}
