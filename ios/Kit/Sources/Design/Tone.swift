/// The colours and sizes of Fieldline, as plain numbers: screens make SwiftUI values of them, tests measure them.
///
/// Light and dark stand side by side so that none is forgotten. Colour never stands alone: an icon and a word say the same.

/// One colour, each part 0 to 1 in sRGB.
public struct Colour: Equatable, Sendable {
    public let red: Double
    public let green: Double
    public let blue: Double

    /// `0xRRGGBB`.
    public init(_ hex: UInt32) {
        red = Double((hex >> 16) & 0xFF) / 255
        green = Double((hex >> 8) & 0xFF) / 255
        blue = Double(hex & 0xFF) / 255
    }

    private init(red: Double, green: Double, blue: Double) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// This colour laid thinly over another.
    func over(_ ground: Colour, _ share: Double) -> Colour {
        Colour(
            red: red * share + ground.red * (1 - share), green: green * share + ground.green * (1 - share),
            blue: blue * share + ground.blue * (1 - share))
    }
}

/// A colour by day and by night.
public struct Tone: Equatable, Sendable {
    public let light: Colour
    public let dark: Colour

    public init(_ light: UInt32, _ dark: UInt32) {
        self.light = Colour(light)
        self.dark = Colour(dark)
    }

    init(light: Colour, dark: Colour) {
        self.light = light
        self.dark = dark
    }
}

/// The same table as HQ's pages and the Android app. Every text colour reads at 4.5:1 or better on paper, on mist and on its own
/// tint; a test computes it.
extension Tone {
    /// Text.
    public static let ink = Tone(0x14212B, 0xE8EEF2)
    /// The ground.
    public static let paper = Tone(0xFFFFFF, 0x0F171D)
    /// A quieter ground: tiles, sheets.
    public static let mist = Tone(0xF3F6F8, 0x17222A)
    /// Lines between things; nothing is read in it.
    public static let line = Tone(0xD5DDE3, 0x2A3842)
    /// Text that comes second: times, units.
    public static let quiet = Tone(0x4A5B68, 0xA9B9C5)
    /// Links and the primary button.
    public static let accent = Tone(0x0A6C8F, 0x5BB8D9)
    /// Text on the accent.
    public static let accentInk = Tone(0xFFFFFF, 0x06222D)
    /// The customer's six labels, which are the colours of a visit's phases too.
    public static let received = Tone(0x5B6B78, 0xA3B3C0)
    public static let assigning = Tone(0x4F5BB5, 0xA6AEF0)
    public static let way = Tone(0x1F6FD1, 0x7CB3F5)
    public static let arrived = Tone(0x0A7771, 0x56C2BA)
    public static let progress = Tone(0x9A5B00, 0xE3AC57)
    public static let done = Tone(0x2C7A3A, 0x79C788)
    /// A deadline is missed.
    public static let breach = Tone(0xB3261E, 0xF29A92)
    /// Something wants attention.
    public static let warning = Tone(0x9A5B00, 0xE3AC57)
    public static let overruled = Tone(0x7A3FA0, 0xCDA6E6)
    public static let refused = Tone(0xB3261E, 0xF29A92)
    /// Saved here and on its way.
    public static let pending = Tone(0x52677A, 0x9DB2C4)

    /// Everything that is read as text on paper, on mist and on its own tint.
    public static let read: [(name: String, tone: Tone)] = [
        ("ink", ink), ("quiet", quiet), ("accent", accent), ("received", received), ("assigning", assigning),
        ("way", way), ("arrived", arrived), ("progress", progress), ("done", done), ("breach", breach),
        ("warning", warning), ("overruled", overruled), ("refused", refused), ("pending", pending),
    ]

    /// The ground for text of this colour. More would take light blue below 4.5:1.
    public static let tint = 0.06

    public var ground: Tone {
        Tone(light: light.over(Tone.paper.light, Self.tint), dark: dark.over(Tone.paper.dark, Self.tint))
    }
}
