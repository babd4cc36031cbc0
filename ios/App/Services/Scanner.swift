import Design
import SwiftUI
import Texts
import VisionKit

/// Reads one QR code or barcode and leaves.
struct Scanner: View {
    let found: (String) -> Void
    @Environment(\.dismiss) private var dismiss

    var body: some View {
        if DataScannerViewController.isSupported, DataScannerViewController.isAvailable {
            Reader { text in
                found(text)
                dismiss()
            }
            .ignoresSafeArea()
            .overlay(alignment: .bottom) {
                QuietButton(word: .notNow) { dismiss() }
                    .background(Tone.paper.color, in: .rect(cornerRadius: Size.corner))
                    .padding(Size.block)
            }
        } else {
            VStack(spacing: Size.edge) {
                Notice("camera", .warning) { Say(.cameraOff) }
                QuietButton(word: .settingsOfSystem) {
                    if let url = URL(string: UIApplication.openSettingsURLString) { UIApplication.shared.open(url) }
                }
                QuietButton(word: .notNow) { dismiss() }
            }
            .padding(Size.edge)
        }
    }
}

private struct Reader: UIViewControllerRepresentable {
    let found: (String) -> Void

    func makeUIViewController(context: Context) -> DataScannerViewController {
        let scanner = DataScannerViewController(
            recognizedDataTypes: [.barcode()], qualityLevel: .balanced, isHighlightingEnabled: true)
        scanner.delegate = context.coordinator
        return scanner
    }

    func updateUIViewController(_ scanner: DataScannerViewController, context: Context) { try? scanner.startScanning() }

    static func dismantleUIViewController(_ scanner: DataScannerViewController, coordinator: Coordinator) {
        scanner.stopScanning()
    }

    func makeCoordinator() -> Coordinator { Coordinator(found) }

    @MainActor
    final class Coordinator: NSObject, DataScannerViewControllerDelegate {
        private let found: (String) -> Void
        private var isDone = false

        init(_ found: @escaping (String) -> Void) { self.found = found }

        func dataScanner(
            _ scanner: DataScannerViewController, didAdd items: [RecognizedItem], allItems: [RecognizedItem]
        ) {
            for case .barcode(let code) in items {
                guard !isDone, let text = code.payloadStringValue else { continue }
                isDone = true
                found(text)
            }
        }
    }
}
