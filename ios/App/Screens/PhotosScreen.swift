import Design
import Engine
import Features
import SwiftUI
import Texts
import UIKit

/// Photos before and after. A photo is told by its words until its picture is there.
struct PhotosScreen: View {
    @State private var model: TicketModel
    @State private var taking: PhotoShows?
    @Environment(\.lang) private var lang

    init(_ shell: Shell, ticket: String) { _model = State(initialValue: TicketModel(shell.engine, ticket: ticket)) }

    var body: some View {
        Frame(title: Word.photos.of(lang)) {
            Show(loaded: model.state, again: model.read) { state in
                if let problem = model.tap.problem { ErrorNotice(problem: problem) }
                if state.ticket.photos.isEmpty { EmptyCard("camera", .noPhotos, .noPhotosHint) }
                ForEach(state.ticket.photos, id: \.operation) { photo in PhotoRow(photo: photo, model: model) }
            }
        } bottom: {
            if let state = model.state.value, state.canWrite { take(state) }
        }
        .task { await model.follow() }
        .fullScreenCover(item: $taking) { shows in
            Camera { bytes in Task { _ = await model.photo(NewPhoto(bytes: bytes, shows: shows)) } }.ignoresSafeArea()
        }
    }

    /// The first photo is one of before, the next ones of after.
    private func take(_ state: TicketState) -> some View {
        let hasBefore = state.ticket.photos.contains { $0.shows == .before }
        return HStack(spacing: Size.gap) {
            QuietButton(word: hasBefore ? .photoBefore : .photoAfter, enabled: !model.tap.busy) {
                taking = hasBefore ? .before : .after
            }
            QuietButton(word: .takePhoto, enabled: !model.tap.busy) { taking = .other }
            PrimaryButton(word: hasBefore ? .photoAfter : .photoBefore, symbol: "camera", enabled: !model.tap.busy) {
                taking = hasBefore ? .after : .before
            }
        }
    }
}

extension PhotoShows: @retroactive Identifiable {
    public var id: Self { self }

    var word: Word {
        switch self {
        case .before: .showsBefore
        case .after: .showsAfter
        case .other: .showsOther
        }
    }
}

private struct PhotoRow: View {
    let photo: PhotoLine
    let model: TicketModel
    @State private var picture: UIImage?
    @Environment(\.moments) private var moments

    var body: some View {
        HStack(spacing: Size.inset) {
            ZStack {
                Tone.mist.color
                if let picture {
                    Image(uiImage: picture).resizable().scaledToFill()
                } else {
                    Image(systemName: "camera").quiet()
                }
            }
            .frame(width: 96, height: 96)
            .clipShape(.rect(cornerRadius: Size.corner))
            .accessibilityHidden(true)
            VStack(alignment: .leading, spacing: Size.small) {
                Say(photo.shows.word).type(.body, .semibold)
                if !photo.caption.isEmpty { Text(verbatim: photo.caption).type(.body) }
                Text(verbatim: moments.moment(photo.atMs)).type(.small).quiet()
                Say(word).type(.small)
                    .foregroundStyle(photo.state == .refused || photo.state == .lost ? Tone.breach.color : Tone.quiet.color)
            }
        }
        .accessibilityElement(children: .combine)
        .task(id: photo.operation) {
            if let bytes = await model.thumb(photo) { picture = UIImage(data: bytes) }
        }
    }

    private var word: Word {
        switch photo.state {
        case .waiting: .photoWaiting
        case .atHq: .photoAtHq
        case .refused: .photoRefused
        case .lost: .photoLost
        case .elsewhere: .photoElsewhere
        }
    }
}
