import Design
import SwiftUI
import UIKit

/// The tokens as SwiftUI knows them. Colours follow day and night by themselves.
extension Tone {
    var color: Color {
        Color(uiColor: UIColor { traits in UIColor(traits.userInterfaceStyle == .dark ? dark : light) })
    }
}

extension UIColor {
    convenience init(_ colour: Colour) {
        self.init(red: colour.red, green: colour.green, blue: colour.blue, alpha: 1)
    }
}

/// Sizes of type that grow with the person's own setting.
private struct Typed: ViewModifier {
    @ScaledMetric private var size: Double
    private let weight: Font.Weight

    init(_ type: TypeSize, _ weight: Font.Weight) {
        _size = ScaledMetric(wrappedValue: type.rawValue, relativeTo: type.style)
        self.weight = weight
    }

    func body(content: Content) -> some View {
        content.font(.system(size: size, weight: weight).monospacedDigit()).lineSpacing(size * 0.2)
    }
}

extension TypeSize {
    fileprivate var style: Font.TextStyle {
        switch self {
        case .note: .caption
        case .small: .footnote
        case .body: .body
        case .title: .title3
        case .big: .title
        }
    }
}

extension View {
    func type(_ type: TypeSize, _ weight: Font.Weight = .regular) -> some View { modifier(Typed(type, weight)) }

    /// What comes second.
    func quiet() -> some View { foregroundStyle(Tone.quiet.color) }
}
