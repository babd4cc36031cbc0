/// Map apps that a route is handed to. Each gets the point in the datum its maps are drawn in.
public enum MapApp: String, CaseIterable, Sendable {
    case apple
    case amap
    case baidu

    /// What the system asks for before it says whether the app is there; `Info.plist` names the same.
    public var scheme: String {
        switch self {
        case .apple: "maps"
        case .amap: "iosamap"
        case .baidu: "baidumap"
        }
    }

    /// Apple's maps show the mainland in GCJ-02 and everything else in WGS-84, and take coordinates as they show them.
    var datum: Datum {
        switch self {
        case .apple, .amap: .gcj02
        case .baidu: .bd09
        }
    }

    /// The address that opens the app with a route by car from here to the point, given in WGS-84.
    public func route(to place: Point, named name: String) -> String {
        let point = datum.point(fromWgs84: place)
        let (lat, lon) = (point.lat.degrees, point.lon.degrees)
        let name = name.escaped
        return switch self {
        case .apple: "maps://?daddr=\(lat),\(lon)&q=\(name)&dirflg=d"
        case .amap: "iosamap://path?sourceApplication=fieldline&dlat=\(lat)&dlon=\(lon)&dname=\(name)&dev=0&t=0"
        case .baidu:
            "baidumap://map/direction?destination=latlng:\(lat),\(lon)%7Cname:\(name)&coord_type=bd09ll&mode=driving&src=fieldline"
        }
    }

    /// The same where no coordinates are known: the app searches for the address.
    public func search(_ address: String) -> String {
        let words = address.escaped
        return switch self {
        case .apple: "maps://?daddr=\(words)&dirflg=d"
        case .amap: "iosamap://poi?sourceApplication=fieldline&name=\(words)&dev=0"
        case .baidu: "baidumap://map/direction?destination=\(words)&mode=driving&src=fieldline"
        }
    }
}

extension Double {
    /// Six decimals, a tenth of a metre; never in the form 1e-05.
    var degrees: String {
        let micro = Int64((self * 1_000_000).rounded())
        let digits = String(micro.magnitude % 1_000_000)
        let rest = String(repeating: "0", count: 6 - digits.count) + digits
        return "\(micro < 0 ? "-" : "")\(micro.magnitude / 1_000_000).\(rest)"
    }
}

extension String {
    /// Everything but letters, digits and `-._~` of ASCII, as per cent.
    var escaped: String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        let hex = Array("0123456789ABCDEF")
        return utf8.map { byte in
            plain.contains(byte) ? String(UnicodeScalar(byte)) : "%\(hex[Int(byte >> 4)])\(hex[Int(byte & 15)])"
        }.joined()
    }
}
