import Engine
import Places
import Texts
import UIKit

/// Hands a route to a map app, in the datum that app draws.
@MainActor
enum Maps {
    /// Those that are on this phone.
    static var apps: [MapApp] {
        MapApp.allCases.filter { app in
            URL(string: "\(app.scheme)://").map(UIApplication.shared.canOpenURL) ?? false
        }
    }

    static func open(_ app: MapApp, site: SiteCard, name: String) {
        let address =
            if let place = site.place {
                app.route(to: Point(lat: place.lat, lon: place.lon), named: name)
            } else {
                app.search(site.address.zh)
            }
        if let url = URL(string: address) { UIApplication.shared.open(url) }
    }

    static func call(_ number: String) {
        let digits = number.filter { $0.isNumber || $0 == "+" }
        if let url = URL(string: "tel:\(digits)") { UIApplication.shared.open(url) }
    }
}

extension MapApp {
    var word: Word {
        switch self {
        case .apple: .appleMap
        case .amap: .amap
        case .baidu: .baiduMap
        }
    }
}
