/// Roughly where China's public maps are shifted: the boxes that published converters use. Hong Kong and Macau are drawn
/// unshifted and lie in boxes of their own. Near a border the answer can be wrong by a few kilometres of land.
enum Mainland {
    private static let inside = [
        Box(south: 42.8899, north: 49.2204, west: 79.4462, east: 96.33),
        Box(south: 39.3742, north: 54.1415, west: 109.6872, east: 135.0002),
        Box(south: 29.5297, north: 42.8899, west: 73.1246, east: 124.143255),
        Box(south: 26.7186, north: 29.5297, west: 82.9684, east: 97.0352),
        Box(south: 20.414096, north: 29.5297, west: 97.0253, east: 124.367395),
        Box(south: 17.871542, north: 20.414096, west: 107.975793, east: 111.744104),
    ]
    private static let outside = [
        // Taiwan.
        Box(south: 21.785006, north: 25.398623, west: 119.921265, east: 122.497559),
        // Vietnam and Laos.
        Box(south: 20.0988, north: 22.284, west: 101.8652, east: 106.665),
        Box(south: 20.4878, north: 21.5422, west: 106.4525, east: 108.051),
        // Russia, on either side of the north-east.
        Box(south: 50.3257, north: 55.8175, west: 109.0323, east: 119.127),
        Box(south: 49.5574, north: 55.8175, west: 127.4568, east: 137.0227),
        Box(south: 42.5692, north: 44.8922, west: 131.2662, east: 137.0227),
        // Nepal's valleys.
        Box(south: 26.3, north: 27.9, west: 80.0, east: 88.2),
        // Hong Kong, up to the Shenzhen river.
        Box(south: 22.13, north: 22.5, west: 113.83, east: 114.45),
        // Macau.
        Box(south: 22.1, north: 22.216, west: 113.527, east: 113.61),
    ]

    static func holds(_ point: Point) -> Bool {
        inside.contains { $0.holds(point) } && !outside.contains { $0.holds(point) }
    }
}

private struct Box {
    let south: Double
    let north: Double
    let west: Double
    let east: Double

    func holds(_ point: Point) -> Bool {
        (south...north).contains(point.lat) && (west...east).contains(point.lon)
    }
}
