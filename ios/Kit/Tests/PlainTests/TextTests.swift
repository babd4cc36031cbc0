import Engine
import Foundation
import Testing

@testable import Texts

@Suite struct TextTests {
    /// `ios/`, from where this file stands.
    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test func every_key_has_a_text_in_both_languages_and_every_text_a_key() {
        let keys = Set(Word.allCases.map(\.rawValue))
        for lang in Lang.allCases {
            let texts = Texts.of(lang)
            #expect(Set(texts.keys).subtracting(keys) == [], "\(lang): texts without a key")
            #expect(keys.subtracting(texts.keys) == [], "\(lang): keys without a text")
            #expect(texts.filter { $0.value.trimmingCharacters(in: .whitespaces).isEmpty && $0.key != "colon" }.isEmpty)
        }
    }

    @Test func both_languages_have_the_same_blanks_counted_from_one() throws {
        let blank = try Regex("%([0-9])\\$@")
        for word in Word.allCases {
            let counts = Lang.allCases.map { lang in
                Set(word.of(lang).matches(of: blank).compactMap { $0.output[1].substring.flatMap { Int($0) } })
            }
            #expect(counts[0] == counts[1], "\(word)")
            #expect(counts[0] == Set(1..<(counts[0].count + 1)), "\(word)")
            let rest = word.of(.zh).replacing(blank, with: "") + word.of(.en).replacing(blank, with: "")
            #expect(!rest.contains("%"), "\(word)")
        }
    }

    @Test func no_key_is_unused() throws {
        let sources = try swift(under: ["App", "Kit/Sources"]).filter { $0.lastPathComponent != "Word.swift" }
        let code = try sources.map { try String(contentsOf: $0, encoding: .utf8) }.joined(separator: "\n")
        #expect(code.count > 10_000)
        let named = Set(
            code.matches(of: try Regex("\\.([a-z][A-Za-z0-9]*)")).compactMap { $0.output[1].substring.map(String.init) })
        let unused = Word.allCases.map(\.rawValue).filter { !named.contains($0) }
        #expect(unused == [])
    }

    @Test func no_screen_has_words_of_its_own() throws {
        for file in try swift(under: ["App"]) {
            let code = try String(contentsOf: file, encoding: .utf8)
            for line in code.split(separator: "\n") where !line.trimmingCharacters(in: .whitespaces).hasPrefix("//") {
                let spoken = line.matches(
                    of: try Regex("(Text|Label|Button|navigationTitle|accessibilityLabel)\\(\"[^\"\\\\]*[A-Za-z一-鿿]{2,}")
                ).isEmpty
                #expect(spoken, "\(file.lastPathComponent): \(line)")
            }
        }
    }

    @Test func chinese_holds_no_english_words_and_english_no_chinese() throws {
        let english = try Regex("[A-Za-z]{2,}")
        let chinese = try Regex("[\\u3000-\\u303f\\u4e00-\\u9fff\\uff00-\\uffef]")
        for word in Word.allCases {
            let (zh, en) = (word.of(.zh), word.of(.en))
            #expect(!zh.contains(english), "\(word): \(zh)")
            #expect(!en.contains(chinese), "\(word): \(en)")
        }
    }

    @Test func what_the_system_asks_is_said_in_both_languages() throws {
        let asked = try String(contentsOf: root.appendingPathComponent("App/Info.plist"), encoding: .utf8)
        let keys = asked.matches(of: try Regex("<key>(NS[A-Za-z]+UsageDescription)</key>")).compactMap { $0.output[1].substring }
        #expect(keys.count >= 5)
        for (folder, foreign) in [("zh-Hans", "[A-Za-z]{2,}"), ("en", "[\\u4e00-\\u9fff]")] {
            let file = root.appendingPathComponent("App/Resources/\(folder).lproj/InfoPlist.strings")
            let said = try #require(
                PropertyListSerialization.propertyList(from: Data(contentsOf: file), format: nil) as? [String: String])
            for key in keys {
                let text = try #require(said[String(key)], "\(folder): \(key)")
                #expect(text.matches(of: try Regex(foreign)).isEmpty, "\(folder): \(text)")
            }
        }
    }

    private func swift(under folders: [String]) throws -> [URL] {
        try folders.flatMap { folder in
            let root = root.appendingPathComponent(folder)
            let found = try FileManager.default.subpathsOfDirectory(atPath: root.path)
            return found.filter { $0.hasSuffix(".swift") && !$0.contains("Generated") }.map(root.appendingPathComponent)
        }
    }
}
