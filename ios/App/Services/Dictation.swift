import AVFoundation
import Observation
import Speech

/// Speech instead of typing. On the phone alone where it can be, so that it works without signal and no word leaves.
@MainActor
@Observable
final class Dictation {
    private(set) var isListening = false
    private let audio = AVAudioEngine()
    private var request: SFSpeechAudioBufferRecognitionRequest?
    private var task: SFSpeechRecognitionTask?

    /// What is heard comes as it grows; the last is the whole.
    func begin(_ locale: Locale, heard: @escaping @MainActor (String) -> Void) async {
        guard !isListening, await allowed(), let recognizer = SFSpeechRecognizer(locale: locale), recognizer.isAvailable
        else { return }
        let request = SFSpeechAudioBufferRecognitionRequest()
        request.requiresOnDeviceRecognition = recognizer.supportsOnDeviceRecognition
        self.request = request
        do { try listen(to: request) } catch { return end() }
        isListening = true
        task = recognizer.recognitionTask(with: request) { @Sendable [weak self] result, error in
            let text = result?.bestTranscription.formattedString
            let over = error != nil || result?.isFinal == true
            Task { @MainActor in
                if let text { heard(text) }
                if over { self?.end() }
            }
        }
    }

    func end() {
        audio.stop()
        audio.inputNode.removeTap(onBus: 0)
        request?.endAudio()
        task?.finish()
        (request, task, isListening) = (nil, nil, false)
        try? AVAudioSession.sharedInstance().setActive(false, options: .notifyOthersOnDeactivation)
    }

    private func listen(to request: SFSpeechAudioBufferRecognitionRequest) throws {
        try AVAudioSession.sharedInstance().setCategory(.record, mode: .measurement, options: .duckOthers)
        try AVAudioSession.sharedInstance().setActive(true)
        let format = audio.inputNode.outputFormat(forBus: 0)
        // Called on the audio's own thread; appending is made for that.
        nonisolated(unsafe) let request = request
        audio.inputNode.installTap(onBus: 0, bufferSize: 1024, format: format) { @Sendable buffer, _ in request.append(buffer) }
        audio.prepare()
        try audio.start()
    }

    private func allowed() async -> Bool {
        let speech = await withCheckedContinuation { continuation in
            SFSpeechRecognizer.requestAuthorization { @Sendable status in continuation.resume(returning: status == .authorized) }
        }
        guard speech else { return false }
        return await AVAudioApplication.requestRecordPermission()
    }
}
