import Engine
import Foundation

/// An invented day, for previews and tests. Nobody in it exists.
public enum Samples {
    /// 20 November 2026, 09:00 UTC.
    public static let nowMs: Int64 = 1_795_165_200_000
    public static let hourMs: Int64 = 3_600_000

    public static func world() -> FakeEngine.World {
        var world = FakeEngine.World()
        world.owner = owner
        world.tickets = [ticket("t1", visit: "v1"), ticket("t2", visit: "v2")]
        world.lines = [
            line("t1", visit: "v1", startsIn: 1), line("t2", visit: "v2", startsIn: 4), line("t3", visit: "v3", startsIn: 30),
        ]
        world.places = [place("van", isVan: true, isMine: true), place("store"), place("van2", isVan: true)]
        world.parts = [part("p1", at: "van", quantity: 3, mine: 2), part("p2", at: "store", quantity: 40)]
        world.codes = [code("worn", .cause), code("replaced", .remedy)]
        world.articles = [article("a1"), article("m1", isManual: true)]
        return world
    }

    public static let owner = WhoAmI(
        company: "远山服务", engineer: "e1", name: Words(zh: "王磊", en: "Wang Lei"), device: "d1", address: "https://hq.example",
        van: "van")

    public static let saved = Saved(operation: "op", words: same("ok"), there: nil)

    public static func same(_ text: String) -> Words { Words(zh: text, en: text) }

    public static func problem(_ code: String) -> Problem {
        Problem(code: code, words: Words(zh: "没有成功（\(code)）", en: "It did not work (\(code))"))
    }

    public static func status() -> TruthScreen {
        TruthScreen(
            enrolled: true, company: "远山服务", unsent: 0, heldAtHq: 0, carried: 0, atHq: 42, overruled: 0, refused: 0, cards: [],
            waiting: [], lastSyncMs: nowMs - hourMs, completeness: .complete, documents: 42, expected: 42, asOfMs: nowMs - hourMs,
            stuck: 0, missing: [], missingUnnamed: 0, positions: 0, photosWaiting: 0, photosWaitingBytes: 0, photosAtHq: 0,
            photosRefused: 0, photosLost: [], revoked: false, mustEnrol: false, notices: [])
    }

    public static func card(_ operation: String, _ fate: CardFate = .refused, kind: EntryKind = .note) -> TruthCard {
        TruthCard(
            operation: operation, ticket: "t1", number: "T-000042", kind: kind, label: Words(zh: "备注", en: "Note"),
            ownWords: "换了风机", fate: fate, fateWords: Words(zh: "已拒绝", en: "Refused"),
            why: Reason(code: "not_now", words: Words(zh: "工单已关闭", en: "The ticket is closed")), atMs: nowMs)
    }

    public static func line(
        _ ticket: String, visit: String?, startsIn hours: Int64? = 1, phase: VisitPhase? = .offered
    ) -> TicketLine {
        TicketLine(
            ticket: ticket, number: "T-00000\(ticket.last ?? "0")", status: .planned, statusWords: Words(zh: "已派工", en: "Planned"),
            visit: visit, phase: phase, phaseWords: phase.map(words(of:)), withdrawn: false, acceptedNotAtHq: false,
            planStartMs: hours.map { nowMs + $0 * hourMs }, planEndMs: hours.map { nowMs + ($0 + 1) * hourMs }, priority: .normal,
            vip: false, deadlineMs: nowMs + 8 * hourMs, customer: Words(zh: "晨光酒店", en: "Morning Light Hotel"),
            address: Words(zh: "上海市静安区南京西路1号", en: "1 West Nanjing Road, Shanghai"),
            fault: Words(zh: "不制冷", en: "No cooling"), faultText: "客房很热", category: "aircon", urges: 0, pending: 0, held: 0,
            stuck: false)
    }

    public static func ticket(_ ticket: String, visit: String) -> TicketDetail {
        TicketDetail(
            ticket: ticket, number: "T-00000\(ticket.last ?? "0")", status: .planned, statusWords: Words(zh: "已派工", en: "Planned"),
            facts: FactsCard(
                fault: Words(zh: "不制冷", en: "No cooling"), faultCode: "no_cooling", faultText: "客房很热", category: "aircon",
                priority: .normal, priorityWords: Words(zh: "一般", en: "Normal"), vip: false, deadlineMs: nowMs + 8 * hourMs,
                wished: nil, skills: [], parts: []),
            customer: CustomerCard(name: Words(zh: "晨光酒店", en: "Morning Light Hotel"), vip: nil, slaPlan: nil, contract: "C-7"),
            contact: ContactCard(name: "李女士", phone: "02100000000"),
            site: SiteCard(
                address: Words(zh: "上海市静安区南京西路1号", en: "1 West Nanjing Road, Shanghai"), city: "上海",
                place: Place(lat: 31.2304, lon: 121.4737)),
            asset: AssetCard(
                asset: "as1", model: "AC-20", modelName: Words(zh: "风冷机组", en: "Air-cooled unit"), serial: "SN-1",
                category: "aircon", warrantyEnd: "2027-01-31", history: []),
            visits: [self.visit(visit)], mine: visit, next: [.accept, .decline],
            checklist: [
                CheckItem(
                    item: "safe", kind: .tick, words: Words(zh: "已断电", en: "Power is off"), unit: nil, min: nil, max: nil,
                    answers: []),
                CheckItem(
                    item: "pressure", kind: .reading, words: Words(zh: "低压", en: "Low pressure"), unit: "bar", min: 3, max: 6,
                    answers: []),
            ],
            history: [], photos: [], kept: [], signature: nil, urges: 0, pending: 0, gone: nil, goneWords: nil, leftAtMs: nil,
            stuck: false, unreadable: 0)
    }

    static func visit(_ visit: String) -> VisitCard {
        VisitCard(
            visit: visit, isMine: true, phase: .offered, phaseWords: words(of: .offered), declined: nil, paused: nil,
            engineerName: nil, plan: TimeSpan(startMs: nowMs + hourMs, endMs: nowMs + 2 * hourMs), etaMs: nil, withdrawn: false,
            taken: false, acceptedNotAtHq: false, acceptedMs: nil, departedMs: nil, arrivedMs: nil, startedMs: nil, doneMs: nil,
            workedMs: 0, workingSinceMs: nil, completion: nil, next: [.accept, .decline])
    }
}
