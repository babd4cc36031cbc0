import Engine
import Foundation
import Security

/// The 32 bytes that the store is encrypted with. They never leave this device: no backup, no keychain in a cloud has them.
enum StoreKey {
    /// Nothing is made in place of a key that is gone while a store is there: the core says so, and a person decides.
    static func read(mayMake: Bool) throws -> Data? {
        var found: CFTypeRef?
        let status = SecItemCopyMatching(
            query.merging([kSecReturnData: true, kSecMatchLimit: kSecMatchLimitOne]) { $1 } as CFDictionary, &found)
        switch status {
        case errSecSuccess: return found as? Data
        case errSecItemNotFound: return mayMake ? try make() : nil
        default: throw problem(status)
        }
    }

    private static func make() throws -> Data {
        var bytes = Data(count: 32)
        let made = bytes.withUnsafeMutableBytes { SecRandomCopyBytes(kSecRandomDefault, $0.count, $0.baseAddress!) }
        guard made == errSecSuccess else { throw problem(made) }
        let added = SecItemAdd(
            query.merging([
                kSecValueData: bytes,
                kSecAttrAccessible: kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly,
                kSecAttrSynchronizable: false,
            ]) { $1 } as CFDictionary, nil)
        guard added == errSecSuccess else { throw problem(added) }
        return bytes
    }

    private static let query: [CFString: Any] = [
        kSecClass: kSecClassGenericPassword,
        kSecAttrService: "fieldline.store",
        kSecAttrAccount: "key",
    ]

    private static func problem(_ status: OSStatus) -> Problem {
        Problem(
            code: "keychain_\(status)",
            words: Words(
                zh: "现在读不到本机的密钥，请先解锁手机再打开应用",
                en: "The key of this phone cannot be read now. Unlock the phone and open the app again"))
    }
}
