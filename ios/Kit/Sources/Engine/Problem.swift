/// Why a call did not do what it should, with words for people. What was saved stays saved.
public struct Problem: Error, Equatable, Sendable {
    /// Stable, for programs.
    public let code: String
    public let words: Words

    public init(code: String, words: Words) {
        self.code = code
        self.words = words
    }

    /// Whatever was thrown. A panic of the core arrives as an error too: the call failed, the app goes on.
    public init(_ error: any Error) {
        switch error {
        case let problem as Problem:
            self = problem
        case let PhoneError.Failed(code, zh, en):
            self.init(code: code, words: Words(zh: zh, en: en))
        case is CancellationError:
            self.init(code: "called_off", words: Words(zh: "已取消", en: "Called off"))
        default:
            self.init(
                code: "core_failed",
                words: Words(
                    zh: "应用内部出错，这一步没有保存；之前保存的内容都在本机。请再试一次",
                    en: "The app failed inside and this step was not saved; what was saved before is still here. Try again"))
        }
    }

    /// The person or the system called it off: nothing to tell.
    public var isCalledOff: Bool { code == "called_off" }

    /// Nobody answered: offline is normal, so a screen says it small and steady.
    public var isOffline: Bool { Self.offline.contains(code) }

    private static let offline: Set<String> = ["offline", "host_unknown", "connection_refused", "no_answer", "server_down"]
}
