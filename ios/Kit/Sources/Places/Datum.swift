#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A point on a map, in degrees. Which datum it is in is said by whoever hands it over.
public struct Point: Equatable, Sendable {
    public let lat: Double
    public let lon: Double

    public init(lat: Double, lon: Double) {
        self.lat = lat
        self.lon = lon
    }
}

/// Datums of map apps. Inside, everything is WGS-84; Chinese maps are drawn in shifted coordinates, and a point that is
/// handed over unshifted lies up to 700 m from the door.
public enum Datum: Sendable {
    /// GPS, and maps outside mainland China.
    case wgs84
    /// China's public maps: Amap, Tencent, and Apple's within the mainland.
    case gcj02
    /// Baidu's.
    case bd09

    /// The point in this datum, from WGS-84. Outside the mainland nothing is shifted for GCJ-02.
    public func point(fromWgs84 point: Point) -> Point {
        switch self {
        case .wgs84: point
        case .gcj02: Gcj02.shifted(point)
        case .bd09: Bd09.shifted(Gcj02.shifted(point))
        }
    }
}

/// The public approximation of the shift, good to a metre or two. Axis and eccentricity are the Krasovsky 1940 ellipsoid's.
private enum Gcj02 {
    static let axis = 6_378_245.0
    static let eccentricity2 = 0.006_693_421_622_965_943

    static func shifted(_ point: Point) -> Point {
        guard Mainland.holds(point) else { return point }
        let (x, y) = (point.lon - 105, point.lat - 35)
        let radians = point.lat * .pi / 180
        let bend = 1 - eccentricity2 * sin(radians) * sin(radians)
        let lat = north(x, y) * 180 / (axis * (1 - eccentricity2) / (bend * bend.squareRoot()) * .pi)
        let lon = east(x, y) * 180 / (axis / bend.squareRoot() * cos(radians) * .pi)
        return Point(lat: point.lat + lat, lon: point.lon + lon)
    }

    private static func ripple(_ x: Double) -> Double {
        (20 * sin(6 * x * .pi) + 20 * sin(2 * x * .pi)) * 2 / 3
    }

    /// Metres north.
    private static func north(_ x: Double, _ y: Double) -> Double {
        -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * abs(x).squareRoot() + ripple(x)
            + (20 * sin(y * .pi) + 40 * sin(y / 3 * .pi)) * 2 / 3
            + (160 * sin(y / 12 * .pi) + 320 * sin(y * .pi / 30)) * 2 / 3
    }

    /// Metres east.
    private static func east(_ x: Double, _ y: Double) -> Double {
        300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * abs(x).squareRoot() + ripple(x)
            + (20 * sin(x * .pi) + 40 * sin(x / 3 * .pi)) * 2 / 3
            + (150 * sin(x / 12 * .pi) + 300 * sin(x / 30 * .pi)) * 2 / 3
    }
}

/// Baidu's further shift of GCJ-02.
private enum Bd09 {
    static func shifted(_ point: Point) -> Point {
        let turn = Double.pi * 3000 / 180
        let away = (point.lon * point.lon + point.lat * point.lat).squareRoot() + 0.00002 * sin(point.lat * turn)
        let angle = atan2(point.lat, point.lon) + 0.000003 * cos(point.lon * turn)
        return Point(lat: away * sin(angle) + 0.006, lon: away * cos(angle) + 0.0065)
    }
}
