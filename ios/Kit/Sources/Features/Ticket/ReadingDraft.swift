import Engine
import Foundation

/// A number that is being typed for a checklist item.
public struct ReadingDraft: Equatable, Sendable {
    public var text: String

    public init(_ text: String = "") { self.text = text }

    /// With a point or a comma, as keyboards of either kind give it; nothing for what is no number.
    public var value: Double? {
        let typed = text.trimmed.replacingOccurrences(of: ",", with: ".").replacingOccurrences(of: "−", with: "-")
        guard typed.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }) else { return nil }
        return Double(typed)
    }

    public func answer(for item: CheckItem) -> CheckAnswer? {
        value.map { .reading(value: $0, unit: item.unit ?? "") }
    }

    /// Said while he types, because he still stands before the machine.
    public func isOutside(_ item: CheckItem) -> Bool {
        guard let value else { return false }
        return item.min.map { value < $0 } ?? false || item.max.map { value > $0 } ?? false
    }
}

extension Double {
    /// `12` for 12.0: nobody reads a nought that was not measured.
    public var plain: String {
        self == rounded() && abs(self) < 1e15 ? String(Int64(self)) : String(self)
    }
}
