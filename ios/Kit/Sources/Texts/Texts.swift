import Engine
import Foundation

extension Word {
    /// The text in this language, blanks filled in order.
    public func of(_ lang: Lang, _ blanks: CustomStringConvertible...) -> String { filled(lang, blanks.map(\.description)) }

    /// The same with the blanks as a list.
    public func filled(_ lang: Lang, _ blanks: [String]) -> String {
        // A word without a text shows its key: ugly, and caught by a test before anybody sees it.
        let text = Texts.of(lang)[rawValue] ?? rawValue
        return blanks.enumerated().reduce(text) { text, blank in
            text.replacingOccurrences(of: "%\(blank.offset + 1)$@", with: blank.element)
        }
    }
}

/// The files with the texts, read once. The person may choose another language than the phone's, so none is left to the system.
enum Texts {
    private static let zh = read("zh-Hans")
    private static let en = read("en")

    static func of(_ lang: Lang) -> [String: String] {
        switch lang {
        case .zh: zh
        case .en: en
        }
    }

    private static func read(_ folder: String) -> [String: String] {
        // The package manager writes the folder's name in small letters, Xcode as it stands.
        let found = [folder, folder.lowercased()].lazy.compactMap { folder in
            Bundle.module.url(forResource: "Localizable", withExtension: "strings", subdirectory: nil, localization: folder)
        }
        guard let url = found.first, let data = try? Data(contentsOf: url),
            let plist = try? PropertyListSerialization.propertyList(from: data, format: nil)
        else { return [:] }
        return plist as? [String: String] ?? [:]
    }
}
