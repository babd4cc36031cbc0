import Engine
import Foundation

/// Where the store lies and how it is opened: out of backups, because a phone put back from one would be two; readable in the
/// background after the first unlock, because syncing goes on there.
enum Store {
    static func config() throws -> PhoneConfig {
        let folder = try FileManager.default.url(
            for: .applicationSupportDirectory, in: .userDomainMask, appropriateFor: nil, create: true
        ).appendingPathComponent("Fieldline", isDirectory: true)
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true,
            attributes: [.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication])
        var kept = folder
        var values = URLResourceValues()
        values.isExcludedFromBackup = true
        try kept.setResourceValues(values)
        let file = folder.appendingPathComponent("phone.db")
        let isNew = !FileManager.default.fileExists(atPath: file.path)
        return PhoneConfig(path: file.path, app: version, key: try StoreKey.read(mayMake: isNew))
    }

    private static var version: String {
        let info = Bundle.main.infoDictionary
        return "ios \(info?["CFBundleShortVersionString"] as? String ?? "0")"
    }
}
