import CoreLocation
import Engine
import Features
import Observation

/// The satellite receiver. It runs while he travels and for one fix on arrival, and the phone shows so.
@MainActor
final class Receiver: NSObject, CLLocationManagerDelegate {
    private let manager = CLLocationManager()
    private var travel: Travel?
    private var waiting: [CheckedContinuation<Place?, Never>] = []

    override init() {
        super.init()
        manager.delegate = self
        manager.desiredAccuracy = kCLLocationAccuracyNearestTenMeters
        manager.distanceFilter = 30
        manager.activityType = .automotiveNavigation
        manager.pausesLocationUpdatesAutomatically = true
    }

    /// Follows what the core says about it.
    func follow(_ travel: Travel) {
        self.travel = travel
        switch travel.receiver {
        case .on:
            if manager.authorizationStatus == .notDetermined { manager.requestWhenInUseAuthorization() }
            manager.allowsBackgroundLocationUpdates = true
            manager.showsBackgroundLocationIndicator = true
            manager.startUpdatingLocation()
        case .off:
            manager.stopUpdatingLocation()
            manager.allowsBackgroundLocationUpdates = false
        }
    }

    /// Where he is now, if he lets it be known; the newest fix where the receiver runs anyway.
    func whereNow() async -> Place? {
        switch manager.authorizationStatus {
        case .authorizedAlways, .authorizedWhenInUse: break
        default: return nil
        }
        if let fix = manager.location, -fix.timestamp.timeIntervalSinceNow < 60 { return fix.place }
        return await withCheckedContinuation { continuation in
            waiting.append(continuation)
            manager.requestLocation()
            // A tap never waits longer than this for satellites.
            Task {
                try? await Task.sleep(for: .seconds(2))
                answer(nil)
            }
        }
    }

    private func answer(_ place: Place?) {
        let all = waiting
        waiting = []
        all.forEach { $0.resume(returning: place) }
    }

    nonisolated func locationManager(_ manager: CLLocationManager, didUpdateLocations locations: [CLLocation]) {
        guard let fix = locations.last, fix.horizontalAccuracy >= 0 else { return }
        let (place, accuracyM) = (fix.place, Float(fix.horizontalAccuracy))
        MainActor.assumeIsolated {
            answer(place)
            guard let travel else { return }
            Task {
                await travel.fix(place, accuracyM: accuracyM)
                follow(travel)
            }
        }
    }

    nonisolated func locationManager(_ manager: CLLocationManager, didFailWithError error: any Error) {
        MainActor.assumeIsolated { answer(nil) }
    }
}

extension CLLocation {
    fileprivate var place: Place { Place(lat: coordinate.latitude, lon: coordinate.longitude) }
}
