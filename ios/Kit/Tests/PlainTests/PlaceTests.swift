import Places
import Testing

/// The pairs are those that published converters agree on.
@Suite struct PlaceTests {
    private func near(_ a: Point, _ b: Point, _ tolerance: Double = 0.00002) -> Bool {
        abs(a.lat - b.lat) < tolerance && abs(a.lon - b.lon) < tolerance
    }

    @Test func the_mainland_is_shifted_as_its_public_maps_are() {
        let pairs = [
            (Point(lat: 31.1774276, lon: 121.5272106), Point(lat: 31.175303984, lon: 121.531541859)),
            (Point(lat: 22.543847, lon: 113.912316), Point(lat: 22.540796132, lon: 113.917176481)),
            (Point(lat: 39.911954, lon: 116.377817), Point(lat: 39.913345455, lon: 116.384047225)),
            (Point(lat: 39.915, lon: 116.404), Point(lat: 39.916404282, lon: 116.410244499)),
        ]
        for (wgs, gcj) in pairs {
            let got = Datum.gcj02.point(fromWgs84: wgs)
            #expect(near(got, gcj), "\(wgs) became \(got)")
        }
    }

    @Test func baidu_shifts_once_more() {
        // GCJ-02 39.916404282, 116.410244499 in BD-09.
        let got = Datum.bd09.point(fromWgs84: Point(lat: 39.915, lon: 116.404))
        #expect(near(got, Point(lat: 39.922699, lon: 116.416628), 0.0001), "\(got)")
    }

    @Test func what_no_public_map_shifts_stays_where_it_is() {
        let places = [
            Point(lat: 22.3193, lon: 114.1694), Point(lat: 22.198, lon: 113.548), Point(lat: 25.033, lon: 121.5654),
            Point(lat: 37.5665, lon: 126.978), Point(lat: 35.6762, lon: 139.6503), Point(lat: 47.8864, lon: 106.9057),
            Point(lat: 21.0278, lon: 105.8342), Point(lat: 28.6139, lon: 77.209), Point(lat: 27.7172, lon: 85.324),
            Point(lat: 48.8566, lon: 2.3522),
            Point(lat: -33.8688, lon: 151.2093),
        ]
        for place in places { #expect(Datum.gcj02.point(fromWgs84: place) == place, "\(place)") }
    }

    @Test func cities_near_those_borders_are_shifted() {
        let places = [
            Point(lat: 22.5431, lon: 114.0579), Point(lat: 22.27, lon: 113.577), Point(lat: 24.4798, lon: 118.0894),
            Point(lat: 20.044, lon: 110.1999), Point(lat: 18.2528, lon: 109.5119), Point(lat: 45.8038, lon: 126.535),
            Point(lat: 43.8256, lon: 87.6168), Point(lat: 25.0389, lon: 102.7183), Point(lat: 29.65, lon: 91.1),
            Point(lat: 40.8414, lon: 111.7519), Point(lat: 38.914, lon: 121.6147), Point(lat: 42.9, lon: 129.5),
        ]
        for place in places { #expect(Datum.gcj02.point(fromWgs84: place) != place, "\(place)") }
    }

    @Test func each_map_app_gets_its_own_datum() {
        let door = Point(lat: 39.915, lon: 116.404)
        #expect(
            MapApp.amap.route(to: door, named: "晨光")
                == "iosamap://path?sourceApplication=fieldline&dlat=39.916404&dlon=116.410244&dname=%E6%99%A8%E5%85%89&dev=0&t=0")
        #expect(MapApp.apple.route(to: door, named: "a b").contains("daddr=39.916404,116.410244&q=a%20b"))
        let baidu = MapApp.baidu.route(to: door, named: "a&b")
        #expect(baidu.contains("coord_type=bd09ll") && baidu.contains("a%26b") && !baidu.contains("39.916404"))
        let paris = Point(lat: 48.8566, lon: 2.3522)
        #expect(MapApp.apple.route(to: paris, named: "").contains("daddr=48.856600,2.352200"))
    }

    @Test func small_and_southern_numbers_are_written_out() {
        let south = MapApp.apple.route(to: Point(lat: -0.0000412, lon: -70.5), named: "")
        #expect(south.contains("daddr=-0.000041,-70.500000"), "\(south)")
    }
}
