import Design
import Engine
import Features
import SwiftUI
import Texts
import UIKit

/// Joins the company by HQ's QR code.
struct EnrolScreen: View {
    @State private var model: EnrolModel
    @State private var scans = false
    @Environment(Shell.self) private var shell
    @Environment(\.lang) private var lang
    @Environment(\.dismiss) private var dismiss

    init(_ shell: Shell) {
        _model = State(initialValue: EnrolModel(shell.engine, device: UIDevice.current.name))
    }

    var body: some View {
        Frame(title: Word.enrolThisPhone.of(lang), hasBadge: false) {
            if let problem = model.tap.problem {
                Notice(
                    symbol: "exclamationmark.triangle", tone: .breach, title: { Say(problem.words) },
                    content: { Say(.enrolFailedHint) })
            }
            if model.done {
                Notice(symbol: "checkmark", tone: .done, title: { Say(.enrolled) }, content: { Say(.enrolledHint) })
            } else {
                Say(.enrolHow).type(.body)
                Part(word: .deviceName) { TextBox(hint: .deviceName, text: $model.device) }
                Part(word: .orPaste) {
                    TextBox(hint: .linkHint, text: $model.link, lines: 2).textInputAutocapitalization(.never)
                        .autocorrectionDisabled()
                    if model.canEnrol { QuietButton(word: .enrolNow, wide: true) { Task { await model.enrol() } } }
                }
                if model.tap.busy { Say(.askingHq).type(.body).quiet() }
            }
        } bottom: {
            if model.done {
                PrimaryButton(word: .toToday, symbol: "checkmark") {
                    shell.tab = .today
                    dismiss()
                }
            } else {
                PrimaryButton(word: .scanCode, symbol: "qrcode.viewfinder", enabled: !model.tap.busy) { scans = true }
            }
        }
        .fullScreenCover(isPresented: $scans) { Scanner { text in Task { await model.scanned(text) } } }
    }
}
