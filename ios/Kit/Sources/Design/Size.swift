/// Sizes in points, on a grid of four.
public enum Size {
    public static let small: Double = 4
    public static let gap: Double = 8
    public static let inset: Double = 12
    public static let edge: Double = 16
    public static let block: Double = 24
    public static let wide: Double = 32
    public static let corner: Double = 8
    /// The least a finger in a glove finds.
    public static let touchMin: Double = 48
    /// The one button a screen is about.
    public static let primary: Double = 56

    public static let all: [Double] = [small, gap, inset, edge, block, wide, corner, touchMin, primary]
}

/// Sizes of type before the person's own setting scales them. No text is under 12.
public enum TypeSize: Double, CaseIterable, Sendable {
    case note = 12
    case small = 14
    case body = 16
    case title = 20
    case big = 28
}

/// What moves says where something went, and is over before one waits for it.
public enum Motion {
    public static let seconds = 0.15
}
