#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Colour {
    /// WCAG 2.2's relative luminance.
    public var luminance: Double {
        func linear(_ part: Double) -> Double {
            part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// WCAG's contrast with another colour, 1 to 21.
    public func contrast(with other: Colour) -> Double {
        let (bright, dim) = (max(luminance, other.luminance), min(luminance, other.luminance))
        return (bright + 0.05) / (dim + 0.05)
    }
}
