import SwiftUI
import UIKit

/// The system's camera. What it takes is written to the core as JPEG, and nothing of it stays in the photo library.
struct Camera: UIViewControllerRepresentable {
    let taken: (Data) -> Void
    @Environment(\.dismiss) private var dismiss

    static var isThere: Bool { UIImagePickerController.isSourceTypeAvailable(.camera) }

    func makeUIViewController(context: Context) -> UIImagePickerController {
        let picker = UIImagePickerController()
        picker.sourceType = Self.isThere ? .camera : .photoLibrary
        picker.delegate = context.coordinator
        return picker
    }

    func updateUIViewController(_ picker: UIImagePickerController, context: Context) {}

    func makeCoordinator() -> Coordinator { Coordinator(self) }

    @MainActor
    final class Coordinator: NSObject, UIImagePickerControllerDelegate, UINavigationControllerDelegate {
        private let camera: Camera

        init(_ camera: Camera) { self.camera = camera }

        func imagePickerController(
            _ picker: UIImagePickerController, didFinishPickingMediaWithInfo info: [UIImagePickerController.InfoKey: Any]
        ) {
            if let image = info[.originalImage] as? UIImage,
                let bytes = image.fitting(longMax: 2_400).jpegData(compressionQuality: 0.8)
            {
                camera.taken(bytes)
            }
            camera.dismiss()
        }

        func imagePickerControllerDidCancel(_ picker: UIImagePickerController) { camera.dismiss() }
    }
}

extension UIImage {
    /// No side longer than this: what a report needs, at a tenth of the bytes. Drawing it anew also leaves its place out.
    fileprivate func fitting(longMax: Double) -> UIImage {
        let share = min(1, longMax / max(size.width, size.height))
        let small = CGSize(width: (size.width * share).rounded(), height: (size.height * share).rounded())
        let format = UIGraphicsImageRendererFormat()
        format.scale = 1
        return UIGraphicsImageRenderer(size: small, format: format).image { _ in draw(in: CGRect(origin: .zero, size: small)) }
    }
}
