import Engine
import Features
import SwiftUI

@main
struct FieldlineApp: App {
    @UIApplicationDelegateAdaptor(Delegate.self) private var delegate
    @Environment(\.scenePhase) private var phase
    @AppStorage("lang") private var chosen = ""

    var body: some Scene {
        WindowGroup {
            RootScreen(opening: delegate.opening)
                .environment(\.lang, Lang(rawValue: chosen) ?? .system)
                .environment(\.locale, (Lang(rawValue: chosen) ?? .system).locale)
                .task { await delegate.opening.open() }
        }
        .onChange(of: phase) { _, now in
            switch now {
            case .active: delegate.background.comesToFront()
            case .background: delegate.background.goesToBack()
            default: break
            }
        }
    }
}

/// Background work is registered before the app has finished launching, which is before any screen is there.
@MainActor
final class Delegate: NSObject, UIApplicationDelegate {
    let opening = Opening()
    private(set) lazy var background = Background(opening)

    func application(
        _ application: UIApplication, didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]? = nil
    ) -> Bool {
        background.register()
        return true
    }

    /// A silent push says that HQ has something new. It carries nothing, and nothing is trusted in it.
    func application(
        _ application: UIApplication, didReceiveRemoteNotification userInfo: [AnyHashable: Any]
    ) async -> UIBackgroundFetchResult {
        await background.slice() ? .newData : .noData
    }
}
