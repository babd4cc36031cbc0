import Design
import Engine
import Features
import SwiftUI
import Texts

/// The whole app: opening, or four tabs.
struct RootScreen: View {
    let opening: Opening

    var body: some View {
        switch opening.state {
        case .not:
            Tone.paper.color.ignoresSafeArea()
        case .failed(let problem):
            CannotOpenScreen(problem: problem) { await opening.open() }
        case .here(let shell):
            Tabs(shell: shell).environment(shell)
        }
    }
}

/// The data on this phone cannot be opened: what is so, what is safe, what to do.
private struct CannotOpenScreen: View {
    let problem: Problem
    let again: () async -> Void

    var body: some View {
        ScrollView {
            VStack(alignment: .leading, spacing: Size.edge) {
                Say(.cannotOpen).type(.big, .semibold)
                Notice(symbol: "lock", tone: .breach, title: { Say(problem.words) }, content: { Say(.cannotOpenHint) })
                PrimaryButton(word: .tryAgain, symbol: "arrow.clockwise") { Task { await again() } }
            }
            .padding(Size.edge)
        }
        .background(Tone.paper.color)
    }
}

private struct Tabs: View {
    @Bindable var shell: Shell
    @Environment(\.lang) private var lang

    var body: some View {
        TabView(selection: $shell.tab) {
            NavigationStack { TodayScreen(shell).roads(shell) }
                .tabItem { label(.today, "calendar") }.tag(Shell.Tab.today)
            NavigationStack { PartsScreen(shell, ticket: nil).roads(shell) }
                .tabItem { label(.parts, "shippingbox") }.tag(Shell.Tab.parts)
            NavigationStack { ManualsScreen(shell).roads(shell) }
                .tabItem { label(.manuals, "book") }.tag(Shell.Tab.manuals)
            NavigationStack { MeScreen(shell).roads(shell) }
                .tabItem { label(.me, "person") }.tag(Shell.Tab.me)
        }
        .tint(Tone.accent.color)
        .task { await shell.follow() }
        .onChange(of: shell.travel.receiver) { shell.receiver.follow(shell.travel) }
        .sheet(isPresented: $shell.showsTruth) { NavigationStack { WorkScreen(shell).roads(shell) }.environment(shell) }
    }

    private func label(_ word: Word, _ symbol: String) -> some View {
        Label {
            Text(verbatim: word.of(lang))
        } icon: {
            Image(systemName: symbol)
        }
    }
}

/// The screens behind a tab.
enum Road: Hashable {
    case ticket(String)
    case checklist(String)
    case photos(String)
    case notes(String, draft: String)
    case parts(String)
    case report(String, text: String)
    case article(String)
    case enrol
    case exchange
}

extension View {
    func roads(_ shell: Shell) -> some View {
        navigationDestination(for: Road.self) { road in
            switch road {
            case .ticket(let ticket): TicketScreen(shell, ticket: ticket)
            case .checklist(let ticket): ChecklistScreen(shell, ticket: ticket)
            case .photos(let ticket): PhotosScreen(shell, ticket: ticket)
            case .notes(let ticket, let draft): NoteScreen(shell, ticket: ticket, draft: draft)
            case .parts(let ticket): PartsScreen(shell, ticket: ticket)
            case .report(let ticket, let text): ReportScreen(shell, ticket: ticket, text: text)
            case .article(let article): ArticleScreen(shell, article: article)
            case .enrol: EnrolScreen(shell)
            case .exchange: ExchangeScreen(shell)
            }
        }
    }
}
