import Engine

/// What a person does with a part.
public enum Deed: Equatable, Sendable {
    case use
    case giveBack
    case request
    case transfer
}

/// A deed that is being said: how many, and where to.
public struct Saying: Equatable, Sendable {
    public let line: PartLine
    public let deed: Deed
    public var quantity: UInt32 = 1
    public var to: StockPlace?

    public var needsGoal: Bool { deed == .giveBack || deed == .transfer }
    public var canSave: Bool { quantity > 0 && (!needsGoal || to != nil) }
    /// Beyond what this phone was granted: it is saved all the same, and HQ says whether the ledger can explain it.
    public var isBeyondGrant: Bool { deed == .use && Int64(quantity) > line.mine }

    var act: Act? {
        switch deed {
        case .use: .usePart(part: line.part, quantity: quantity, from: line.location)
        case .request: .requestPart(part: line.part, quantity: quantity, from: line.location)
        case .giveBack, .transfer:
            to.map { .transferPart(part: line.part, quantity: quantity, from: line.location, to: $0.location) }
        }
    }
}

/// Parts: the van's, or what lies anywhere.
public struct PartsState: Equatable, Sendable {
    public var lines: [PartLine]
    public var places: [StockPlace]

    private func place(of line: PartLine) -> StockPlace? { places.first { $0.location == line.location } }

    /// What may be done with a part there. Everything is written under a ticket, so without one nothing is.
    public func deeds(with line: PartLine, ticket: String?) -> [Deed] {
        guard ticket != nil else { return [] }
        return place(of: line)?.isMine == true ? [.use, .giveBack, .transfer] : [.request]
    }

    /// Where a part can go with this deed.
    public func goals(of deed: Deed) -> [StockPlace] {
        switch deed {
        case .giveBack: places.filter { !$0.isVan }
        case .transfer: places.filter { $0.isVan && !$0.isMine }
        case .use, .request: []
        }
    }

    /// More than lie there can be asked for, and used: HQ then asks about the rest. Nobody hands over what is not there.
    public func most(of deed: Deed, _ line: PartLine) -> UInt32 {
        switch deed {
        case .use, .request: Self.quantityMax
        case .giveBack, .transfer: UInt32(line.quantity.clamped(to: 1...Int64(Self.quantityMax)))
        }
    }

    /// More of one part than this in one go is a slip of the thumb.
    static let quantityMax: UInt32 = 99
}
