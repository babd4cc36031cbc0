import Features
import PencilKit
import SwiftUI

/// Where the customer signs, with a finger or a pencil. What is drawn becomes strokes in the box that documents know.
struct SignaturePad: UIViewRepresentable {
    @Binding var strokes: Strokes

    func makeUIView(context: Context) -> PKCanvasView {
        let canvas = PKCanvasView()
        canvas.drawingPolicy = .anyInput
        canvas.tool = PKInkingTool(.pen, color: .black, width: 3)
        // Ink is dark on white by night too: it is a paper.
        canvas.overrideUserInterfaceStyle = .light
        canvas.backgroundColor = .white
        canvas.delegate = context.coordinator
        canvas.isScrollEnabled = false
        return canvas
    }

    func updateUIView(_ canvas: PKCanvasView, context: Context) {
        if !strokes.isDrawn, !canvas.drawing.strokes.isEmpty, context.coordinator.isSettled { canvas.drawing = PKDrawing() }
    }

    func makeCoordinator() -> Coordinator { Coordinator($strokes) }

    @MainActor
    final class Coordinator: NSObject, PKCanvasViewDelegate {
        private let strokes: Binding<Strokes>
        private(set) var isSettled = true

        init(_ strokes: Binding<Strokes>) { self.strokes = strokes }

        func canvasViewDidBeginUsingTool(_ canvas: PKCanvasView) { isSettled = false }

        func canvasViewDidEndUsingTool(_ canvas: PKCanvasView) { isSettled = true }

        func canvasViewDrawingDidChange(_ canvas: PKCanvasView) {
            guard !canvas.drawing.strokes.isEmpty else { return }
            var drawn = Strokes()
            for stroke in canvas.drawing.strokes {
                for (at, point) in stroke.path.enumerated() {
                    let place = point.location.applying(stroke.transform)
                    drawn.draw(
                        x: place.x, y: place.y, width: canvas.bounds.width, height: canvas.bounds.height, begins: at == 0)
                }
            }
            strokes.wrappedValue = drawn
        }
    }
}
