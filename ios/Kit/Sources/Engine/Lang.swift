/// The language of the screens.
public enum Lang: String, CaseIterable, Sendable {
    case zh
    case en
}

extension Words {
    public func of(_ lang: Lang) -> String {
        switch lang {
        case .zh: zh
        case .en: en
        }
    }

    public var isEmpty: Bool { zh.isEmpty && en.isEmpty }
}
