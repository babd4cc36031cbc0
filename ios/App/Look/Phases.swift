import Design
import Engine
import SwiftUI
import Texts

/// Colour and icon of a phase, as on the customer's page.
extension VisitPhase {
    var look: (symbol: String, tone: Tone) {
        switch self {
        case .offered: ("tray", .received)
        case .accepted: ("checkmark", .assigning)
        case .enRoute: ("car", .way)
        case .arrived: ("mappin", .arrived)
        case .working: ("wrench.adjustable", .progress)
        case .paused: ("pause", .progress)
        case .done: ("checkmark.circle", .done)
        case .taken: ("arrow.triangle.branch", .overruled)
        case .declined, .unknown: ("xmark", .quiet)
        }
    }
}

extension NextStep {
    var word: Word {
        switch self {
        case .accept: .accept
        case .decline: .decline
        case .depart: .depart
        case .arrive: .arrive
        case .start: .start
        case .pause: .pause
        case .resume: .resume
        case .finish: .finish
        case .couldNot: .couldNotDo
        }
    }

    var symbol: String {
        switch self {
        case .accept: "checkmark"
        case .decline, .couldNot: "xmark"
        case .depart: "car"
        case .arrive: "mappin"
        case .start: "wrench.adjustable"
        case .pause: "pause"
        case .resume: "play"
        case .finish: "doc.text"
        }
    }
}

extension EntryKind {
    var symbol: String {
        switch self {
        case .note, .sign: "pencil"
        case .usePart, .requestPart, .transferPart: "shippingbox"
        case .photo: "camera"
        case .answer: "checklist"
        case .message, .wish, .rate: "bubble.left"
        case .urge: "bell"
        case .accept, .decline, .depart, .arrive, .start, .pause, .resume, .finish, .estimate: "wrench.adjustable"
        default: "person"
        }
    }
}
