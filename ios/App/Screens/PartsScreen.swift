import Design
import Engine
import Features
import SwiftUI
import Texts

/// Parts in the van and elsewhere. Under a ticket they are used, returned, requested and handed on; without, only looked up.
struct PartsScreen: View {
    @State private var model: PartsModel
    @State private var words = ""
    @State private var scans = false
    @Environment(\.lang) private var lang

    init(_ shell: Shell, ticket: String?) { _model = State(initialValue: PartsModel(shell.engine, ticket: ticket)) }

    var body: some View {
        Frame(title: Word.parts.of(lang)) {
            Choices(values: [true, false], chosen: model.myVan) { mine in
                Task { await model.look(myVan: mine) }
            } label: {
                Say($0 ? .myVan : .everywhere)
            }
            HStack(spacing: Size.gap) {
                TextBox(hint: .findPart, text: $words)
                QuietButton(word: .scan, symbol: "barcode.viewfinder") { scans = true }
            }
            if let problem = model.tap.problem { ErrorNotice(problem: problem) }
            if let saved = model.saved { Notice("checkmark", .done) { Say(saved.savedWord) } }
            if model.ticket == nil { Say(.partsUnderTicket).type(.small).quiet() }
            Show(loaded: model.state, again: model.read) { state in
                if state.lines.isEmpty { nothing }
                ForEach(state.lines, id: \.id) { line in
                    Button {
                        model.choose(line)
                    } label: {
                        StockRow(line: line, showsPlace: !model.myVan)
                    }.buttonStyle(.plain)
                    Divider()
                }
            }
        }
        .task { await model.follow() }
        .onChange(of: words) { _, words in Task { await model.find(words) } }
        .sheet(
            isPresented: Binding {
                model.chosen != nil
            } set: {
                if !$0 { model.leave() }
            }
        ) { DeedSheet(model: model) }
        .fullScreenCover(isPresented: $scans) { Scanner { words = $0 } }
    }

    @ViewBuilder private var nothing: some View {
        if !model.words.isEmpty {
            EmptyCard("magnifyingglass", .noPartFound, .noPartFoundHint)
        } else if model.myVan {
            EmptyCard("shippingbox", .vanEmpty, .vanEmptyHint)
        } else {
            EmptyCard("shippingbox", .noStock, .noStockHint)
        }
    }
}

extension PartLine {
    fileprivate var id: String { location + part }
}

/// One part at one place: how many, how many of them are this phone's alone, and as of when.
private struct StockRow: View {
    let line: PartLine
    let showsPlace: Bool
    @Environment(\.lang) private var lang
    @Environment(\.moments) private var moments

    var body: some View {
        HStack(alignment: .top) {
            VStack(alignment: .leading, spacing: Size.small) {
                Say(line.name).type(.body, .semibold)
                Text(verbatim: showsPlace ? "\(line.number) · \(line.place.of(lang))" : line.number).type(.small).quiet()
                Flow {
                    if line.mine > 0 { Chip(symbol: "checkmark", tone: .done) { Say(.mineAlone, line.mine) } }
                    if line.inDoubt > 0 {
                        Chip(symbol: "exclamationmark.triangle", tone: .warning) { Say(.doubtMany, line.inDoubt) }
                    }
                    if line.unconfirmed > 0 {
                        Chip(symbol: "exclamationmark.triangle", tone: .warning) { Say(.unconfirmed, line.unconfirmed) }
                    }
                    if line.unexplained > 0 {
                        Chip(symbol: "arrow.triangle.branch", tone: .overruled) { Say(.unexplained, line.unexplained) }
                    }
                    if line.requested > 0 { Chip(symbol: "clock", tone: .pending) { Say(.requestedMany, line.requested) } }
                }
            }
            Spacer()
            VStack(alignment: .trailing) {
                Text(verbatim: String(line.quantity)).type(.title, .semibold)
                Text(verbatim: moments.ago(line.asOfMs)).type(.note).quiet()
            }
        }
        .frame(minHeight: Size.primary)
        .contentShape(.rect)
        .accessibilityElement(children: .combine)
    }
}

/// What may be done with this part here; then how many and where to.
private struct DeedSheet: View {
    let model: PartsModel
    @Environment(\.lang) private var lang
    @Environment(\.moments) private var moments

    var body: some View {
        if let saying = model.saying {
            Sheet(title: saying.deed.word) { say(saying) }
        } else if let line = model.chosen, let state = model.state.value {
            Sheet(title: .parts) {
                Text(verbatim: "\(line.number) \(line.name.of(lang))").type(.body, .semibold)
                Text(verbatim: "\(line.place.of(lang)) · \(Word.lieThere.of(lang, line.quantity)) · \(moments.ago(line.asOfMs))")
                    .type(.small).quiet()
                let deeds = state.deeds(with: line, ticket: model.ticket)
                if deeds.isEmpty { Notice("shippingbox", .quiet) { Say(.partsUnderTicket) } }
                ForEach(deeds, id: \.word) { deed in
                    QuietButton(word: deed.word, symbol: deed.symbol, wide: true) { model.say(deed) }
                }
            }
        }
    }

    @ViewBuilder private func say(_ saying: Saying) -> some View {
        Text(verbatim: "\(saying.line.number) \(saying.line.name.of(lang))").type(.body, .semibold)
        Stepper {
            Text(verbatim: String(saying.quantity)).type(.big, .semibold)
        } onIncrement: {
            model.setQuantity(saying.quantity + 1)
        } onDecrement: {
            model.setQuantity(saying.quantity > 1 ? saying.quantity - 1 : 1)
        }
        .frame(minHeight: Size.primary)
        let goals = model.state.value?.goals(of: saying.deed) ?? []
        if saying.needsGoal {
            Say(.whereTo).type(.small).quiet()
            Choices(values: goals, chosen: saying.to) {
                model.setGoal($0)
            } label: {
                Say($0.name)
            }
        }
        if saying.isBeyondGrant { Notice("exclamationmark.triangle", .warning) { Say(.beyondGrant) } }
        if saying.deed == .request { Say(.requestHint).type(.small).quiet() }
        PrimaryButton(word: .save, symbol: "checkmark", enabled: saying.canSave && !model.tap.busy) {
            Task { await model.save() }
        }
    }
}

extension Deed {
    var word: Word {
        switch self {
        case .use: .usePart
        case .giveBack: .returnPart
        case .request: .requestPart
        case .transfer: .transferPart
        }
    }

    var savedWord: Word {
        switch self {
        case .use: .savedUse
        case .giveBack: .savedReturn
        case .request: .savedRequest
        case .transfer: .savedTransfer
        }
    }

    var symbol: String {
        switch self {
        case .use: "wrench.adjustable"
        case .giveBack: "tray"
        case .request: "plus"
        case .transfer: "arrow.left.arrow.right"
        }
    }
}
