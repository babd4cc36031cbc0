import Design
import Engine
import Features
import SwiftUI
import Texts

/// What is wrong, whose it is, where, on which machine, what may be the cause, what happened.
struct TicketBody: View {
    let state: TicketState
    let model: TicketModel

    var body: some View {
        if let problem = model.tap.problem { ErrorNotice(problem: problem) }
        if state.ticket.stuck { Notice("arrow.clockwise", .warning) { Say(.stuckHint) } }
        FaultPart(ticket: state.ticket)
        if state.canWrite { WorkPart(state: state) }
        CustomerPart(ticket: state.ticket)
        AssetPart(ticket: state.ticket)
        CausePart(causes: state.beside.causes)
        if let done = state.done { DonePart(done: done, state: state) }
        KeptParts(kept: state.ticket.kept)
        HistoryPart(history: state.ticket.history.reversed(), pending: state.ticket.pending)
    }
}

private struct FaultPart: View {
    let ticket: TicketDetail
    @Environment(\.lang) private var lang
    @Environment(\.moments) private var moments

    var body: some View {
        Part(word: .fault) {
            let facts = ticket.facts
            Text(verbatim: [facts.fault.of(lang), facts.faultText].first { !$0.isEmpty } ?? Word.faultUnknown.of(lang))
                .type(.title, .semibold)
            if !facts.faultText.isEmpty, !facts.fault.isEmpty { Say(.quoted, facts.faultText).type(.body) }
            Flow {
                if facts.vip { Chip(symbol: "star", tone: .overruled) { Say(.vip) } }
                if facts.priority == .critical { Chip(symbol: "exclamationmark.triangle", tone: .breach) { Say(.critical) } }
                if facts.priority == .high { Chip(symbol: "exclamationmark.triangle", tone: .warning) { Say(.high) } }
                if ticket.urges > 0 { Chip(symbol: "bell", tone: .warning) { Say(.urged, ticket.urges) } }
            }
            if let plan = ticket.visits.first(where: { $0.visit == ticket.mine })?.plan {
                Fact(word: .planned) { Text(verbatim: moments.span(plan.startMs, plan.endMs)) }
            }
            if let deadline = facts.deadlineMs { Fact(word: .deadlineAt) { Text(verbatim: moments.moment(deadline)) } }
        }
    }
}

/// The work on the machine: five big tiles, each with what is there already.
private struct WorkPart: View {
    let state: TicketState
    @Environment(\.lang) private var lang

    var body: some View {
        Part(word: .work) {
            let ticket = state.ticket
            LazyVGrid(columns: [GridItem(.adaptive(minimum: 150), spacing: Size.gap)], spacing: Size.gap) {
                tile(
                    .checklist(ticket.ticket), .checklist, "checklist",
                    ticket.checklist.isEmpty ? "–" : "\(state.answered)/\(ticket.checklist.count)")
                tile(.parts(ticket.ticket), .parts, "shippingbox", String(state.partsUsed.count))
                tile(.photos(ticket.ticket), .photos, "camera", String(ticket.photos.count))
                tile(.notes(ticket.ticket, draft: ""), .notes, "pencil", String(state.notes.count))
                tile(.report(ticket.ticket, text: ""), .report, "doc.text", signed)
            }
        }
    }

    private var signed: String {
        state.ticket.signature != nil ? Word.signed.of(lang) : state.done != nil ? Word.notSigned.of(lang) : "–"
    }

    private func tile(_ road: Road, _ word: Word, _ symbol: String, _ many: String) -> some View {
        NavigationLink(value: road) {
            HStack(spacing: Size.gap) {
                Image(systemName: symbol).foregroundStyle(Tone.accent.color).accessibilityHidden(true)
                Say(word).type(.body, .semibold)
                Spacer()
                Text(verbatim: many).type(.body, .semibold).quiet()
            }
            .padding(Size.inset)
            .frame(minHeight: 64)
            .background(Tone.mist.color, in: .rect(cornerRadius: Size.corner))
        }
        .buttonStyle(.plain)
    }
}

/// Whom it is for, and the two taps that bring one there.
private struct CustomerPart: View {
    let ticket: TicketDetail
    @State private var choosesMap = false
    @Environment(\.lang) private var lang

    var body: some View {
        Part(word: .customer) {
            if let customer = ticket.customer {
                Say(customer.name).type(.title, .semibold)
                if let contract = customer.contract { Fact(word: .contract) { Text(verbatim: contract) } }
            }
            if let site = ticket.site { Say(site.address).type(.body).textSelection(.enabled) }
            if let contact = ticket.contact { Fact(word: .contact) { Text(verbatim: contact.name) } }
            Flow {
                if ticket.site != nil { QuietButton(word: .route, symbol: "car") { choosesMap = true } }
                if let contact = ticket.contact, !contact.phone.isEmpty {
                    QuietButton(word: .call, symbol: "phone") { Maps.call(contact.phone) }
                }
            }
        }
        .sheet(isPresented: $choosesMap) { MapSheet(ticket: ticket) }
    }
}

private struct MapSheet: View {
    let ticket: TicketDetail
    @Environment(\.lang) private var lang
    @Environment(\.dismiss) private var dismiss

    var body: some View {
        Sheet(title: .chooseMap) {
            if let site = ticket.site {
                if site.place == nil { Notice("mappin.slash", .warning) { Say(.noPlace) } }
                ForEach(Maps.apps, id: \.self) { app in
                    QuietButton(word: app.word, wide: true) {
                        Maps.open(app, site: site, name: ticket.customer?.name.of(lang) ?? ticket.number)
                        dismiss()
                    }
                }
            }
        }
    }
}

private struct AssetPart: View {
    let ticket: TicketDetail
    @State private var showsAll = false
    @Environment(\.lang) private var lang
    @Environment(\.moments) private var moments

    var body: some View {
        if let asset = ticket.asset {
            Part(word: .assetWord) {
                Say(asset.modelName.isEmpty ? Words(zh: asset.model, en: asset.model) : asset.modelName).type(.title, .semibold)
                Text(verbatim: asset.serial).font(.body.monospaced()).textSelection(.enabled)
                if let end = asset.warrantyEnd {
                    Fact(word: .warranty) {
                        if moments.isOver(iso: end) {
                            Say(.warrantyOver, moments.date(iso: end))
                        } else {
                            Say(.warrantyUntil, moments.date(iso: end))
                        }
                    }
                }
                if asset.history.isEmpty { Say(.noEarlierWork).type(.small).quiet() }
                ForEach(Array(asset.history.prefix(showsAll ? .max : 2).enumerated()), id: \.offset) { _, work in
                    VStack(alignment: .leading, spacing: Size.small) {
                        Text(verbatim: "\(moments.date(iso: work.date)) · \(work.fault.of(lang))").type(.body, .semibold)
                        let what = [work.cause.of(lang), work.remedy.of(lang)].filter { !$0.isEmpty }.joined(separator: " → ")
                        Text(verbatim: "\(what) · \(work.number)").type(.small).quiet()
                    }
                    .accessibilityElement(children: .combine)
                }
                if asset.history.count > 2, !showsAll {
                    Button {
                        showsAll = true
                    } label: {
                        Say(.allEarlierWork, asset.history.count).type(.body).frame(minHeight: Size.touchMin)
                    }
                }
            }
        }
    }
}

/// Articles for this fault on this machine. More than four probable causes are none.
private struct CausePart: View {
    let causes: [ArticleLine]

    var body: some View {
        Part(word: .probableCauses) {
            if causes.isEmpty { Say(.noCauses).type(.small).quiet() }
            ForEach(causes.prefix(4), id: \.article) { line in ArticleRow(line: line) }
        }
    }
}
