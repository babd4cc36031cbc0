import Engine
import Foundation

/// What stands on a ticket and beside it.
extension Samples {
    static func words(of phase: VisitPhase) -> Words {
        switch phase {
        case .offered: Words(zh: "待接单", en: "Offered")
        case .accepted: Words(zh: "已接单", en: "Accepted")
        case .declined: Words(zh: "已谢绝", en: "Declined")
        case .enRoute: Words(zh: "在路上", en: "On the way")
        case .arrived: Words(zh: "已到达", en: "Arrived")
        case .working: Words(zh: "处理中", en: "Working")
        case .paused: Words(zh: "暂停", en: "Paused")
        case .done: Words(zh: "已完成", en: "Done")
        case .taken: Words(zh: "已由同事接单", en: "Taken by a colleague")
        case .unknown: Words(zh: "未知", en: "Unknown")
        }
    }

    public static func place(_ id: String, isVan: Bool = false, isMine: Bool = false) -> StockPlace {
        StockPlace(location: id, name: Words(zh: "库位 \(id)", en: "Place \(id)"), isVan: isVan, isMine: isMine)
    }

    public static func part(_ id: String, at location: String, quantity: Int64, mine: Int64 = 0) -> PartLine {
        PartLine(
            part: id, number: "F-\(id)", name: Words(zh: "风机", en: "Fan"), location: location, place: same(location),
            quantity: quantity, pending: 0, transferred: 0, mine: mine, inDoubt: 0, unconfirmed: 0, unexplained: 0, requested: 0,
            asOfMs: nowMs - hourMs)
    }

    public static func code(_ code: String, _ sort: CodeSort) -> CodeLine {
        CodeLine(code: code, sort: sort, category: nil, words: Words(zh: "代码 \(code)", en: "Code \(code)"))
    }

    public static func article(_ id: String, isManual: Bool = false) -> ArticleDetail {
        ArticleDetail(
            line: ArticleLine(
                article: id, isManual: isManual, title: Words(zh: "不制冷 \(id)", en: "No cooling \(id)"), category: "aircon"),
            sections: [
                ArticleSection(
                    operation: "s-\(id)", heading: Words(zh: "原因", en: "Causes"), body: Words(zh: "风机卡住。", en: "The fan is stuck."))
            ],
            files: [
                ArticleFile(
                    operation: "f-\(id)", title: Words(zh: "接线图", en: "Wiring"), media: "application/pdf", size: 1_400_000,
                    pages: 12,
                    here: false)
            ],
            annotations: [])
    }

    static func annotation(section: String?, text: String) -> Annotation {
        Annotation(
            operation: "n", section: section, text: text, by: .me, byName: owner.name, atMs: nowMs, pending: true, held: false,
            carried: false)
    }

    static func photo(_ shows: PhotoShows, caption: String) -> PhotoLine {
        PhotoLine(
            operation: "ph", shows: shows, caption: caption, size: 90_000, state: .waiting,
            stateWords: Words(zh: "等待发送", en: "Waiting"), here: true, hasThumb: true, byName: owner.name, atMs: nowMs)
    }

    static func note(_ text: String) -> HistoryLine {
        HistoryLine(
            operation: "no", kind: .note, label: Words(zh: "备注", en: "Note"), detail: same(text), when: nil, by: .me,
            byName: owner.name, atMs: nowMs, pending: true, held: false, carried: false, overruled: nil)
    }

    static func given(_ answer: CheckAnswer) -> GivenAnswer {
        GivenAnswer(
            operation: "an", answer: answer, words: same("\(answer)"), isOutside: false, by: .me, byName: owner.name, atMs: nowMs,
            pending: true)
    }

    static func completion(_ outcome: VisitResult, cause: String?, remedy: String?, text: String) -> CompletionCard {
        CompletionCard(
            outcome: outcome, outcomeWords: Words(zh: "已修好", en: "Fixed"), cause: cause, causeWords: same(cause ?? ""),
            remedy: remedy, remedyWords: same(remedy ?? ""), text: text)
    }

    public static let meet = Meet(
        with: "e2", withName: Words(zh: "陈静", en: "Chen Jing"), handed: .taken(operations: 3, carried: 3, known: 0, refused: 0),
        taken: nil)
}
