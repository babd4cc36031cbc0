/// A signature as it is drawn, in the box of 600 × 200 that documents know.
public struct Strokes: Equatable, Sendable, Codable {
    public private(set) var strokes: [[Dot]] = []

    public struct Dot: Equatable, Sendable, Codable {
        public let x: Int
        public let y: Int
    }

    public init() {}

    /// A finger at this place of a pad of this size. A finger that leaves the pad stays at its edge.
    public mutating func draw(x: Double, y: Double, width: Double, height: Double, begins: Bool) {
        guard width > 0, height > 0, dots < Self.dotsMax else { return }
        let dot = Dot(
            x: Int((x / width * Double(Self.width)).rounded()).clamped(to: 0...Self.width),
            y: Int((y / height * Double(Self.height)).rounded()).clamped(to: 0...Self.height))
        guard !begins, let last = strokes.last?.last else { return strokes.append([dot]) }
        if abs(last.x - dot.x) >= Self.near || abs(last.y - dot.y) >= Self.near { strokes[strokes.count - 1].append(dot) }
    }

    public mutating func clear() { strokes = [] }

    public var isDrawn: Bool { strokes.contains { $0.count > 1 } }

    /// SVG path data, as a document keeps it.
    public var path: String {
        strokes.filter { $0.count > 1 }.map { stroke in
            stroke.enumerated().map { at, dot in "\(at == 0 ? "M" : "L")\(dot.x) \(dot.y)" }.joined()
        }.joined()
    }

    private var dots: Int { strokes.reduce(0) { $0 + $1.count } }

    public static let width = 600
    public static let height = 200
    /// Dots nearer than this to the last add bytes and no ink.
    static let near = 3
    /// So many dots of nine bytes stay under the core's 24 kB for a signature.
    static let dotsMax = 2_000
}

extension Comparable {
    func clamped(to range: ClosedRange<Self>) -> Self { min(max(self, range.lowerBound), range.upperBound) }
}
