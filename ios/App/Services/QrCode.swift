import CoreImage.CIFilterBuiltins
import SwiftUI

/// A text as a QR code, dark on white by night too: cameras read nothing else as well.
struct QrCode: View {
    let text: String

    var body: some View {
        if let picture {
            Image(decorative: picture, scale: 1).interpolation(.none).resizable().scaledToFit()
                .padding(16).background(.white).frame(maxWidth: 320)
        }
    }

    private var picture: CGImage? {
        let filter = CIFilter.qrCodeGenerator()
        filter.message = Data(text.utf8)
        filter.correctionLevel = "M"
        guard let image = filter.outputImage else { return nil }
        return CIContext().createCGImage(image, from: image.extent)
    }
}
