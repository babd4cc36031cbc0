//! From a document's content to the read models: a line in the list, a text in the index. Pure.

use fieldline_model::document::Content;
use fieldline_model::fold::{TicketState, VisitState, fold};
use fieldline_model::id::{DocumentId, EngineerId, VisitId};
use fieldline_model::operation::{Act, ArticleHead, Path, Priority, Span, TicketFacts};

/// A ticket as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TicketRow {
    pub(crate) document: DocumentId,
    pub(crate) facts: TicketFacts,
    pub(crate) status: &'static str,
    pub(crate) visit: Option<VisitId>,
    pub(crate) phase: Option<&'static str>,
    pub(crate) withdrawn: bool,
    pub(crate) open: bool,
    pub(crate) plan: Option<Span>,
    pub(crate) priority: &'static str,
    pub(crate) urges: u32,
    pub(crate) pending: u32,
    pub(crate) sort: i64,
}

/// Stands for a phase where a colleague accepted what was offered to several: how far it got is not known here.
const TAKEN: &str = "taken";

/// The visit that concerns this engineer most: under way, else open, else the newest.
pub(crate) fn my_visit(state: &TicketState, me: EngineerId) -> Option<&VisitState> {
    let mine = || state.visits.values().filter(|visit| visit.is_for(me));
    let open = || mine().filter(|visit| visit.is_open_for(me));
    open()
        .find(|visit| visit.phase.is_under_way())
        .or_else(|| open().next())
        .or_else(|| mine().next_back())
}

/// The word of a priority, as in documents.
pub(crate) fn priority_word(priority: Priority) -> &'static str {
    match priority {
        Priority::Low => "low",
        Priority::Normal => "normal",
        Priority::High => "high",
        Priority::Critical => "critical",
    }
}

/// A ticket's line; `None` while nothing has created it.
pub(crate) fn ticket_row(
    document: DocumentId,
    content: &Content,
    me: EngineerId,
    pending: u32,
) -> Option<TicketRow> {
    let state = fold(&content.events);
    state.created?;
    let visit = my_visit(&state, me);
    let plan = visit.and_then(|visit| visit.plan);
    let sort = plan
        .map(|plan| plan.start)
        .or(state.facts.deadline)
        .map_or(i64::MAX, |at| at.ms());
    let urges = content
        .under(Path::Customer)
        .filter(|(_, entry)| matches!(entry.act, Act::Urge))
        .count();
    Some(TicketRow {
        document,
        status: state.status().word(),
        visit: visit.map(|visit| visit.id),
        phase: match visit {
            Some(visit) => Some(visit.phase_for(me).word()),
            None => state
                .visits
                .values()
                .any(|visit| visit.is_taken_from(me))
                .then_some(TAKEN),
        },
        withdrawn: visit.is_some_and(|visit| visit.withdrawn.is_some()),
        open: visit.is_some_and(|visit| visit.is_open_for(me)),
        plan,
        priority: priority_word(state.facts.priority),
        urges: u32::try_from(urges).unwrap_or(u32::MAX),
        pending,
        sort,
        facts: state.facts,
    })
}

/// An article's title and everything in it that can be searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ArticleText {
    pub(crate) head: ArticleHead,
    pub(crate) body: String,
}

/// An article's text; `None` while it has no head. Of several heads the one with the greatest id counts.
pub(crate) fn article_text(content: &Content) -> Option<ArticleText> {
    let mut head = None;
    let mut body = String::new();
    let mut add = |texts: &[&str]| {
        for text in texts {
            body.push_str(text);
            body.push('\n');
        }
    };
    for (_, entry) in content.under(Path::Sections) {
        match &entry.act {
            Act::Publish(publish) => head = Some((**publish).clone()),
            Act::WriteSection(section) => {
                add(&[
                    &section.heading_zh,
                    &section.heading_en,
                    &section.body_zh,
                    &section.body_en,
                ]);
            }
            _ => {}
        }
    }
    for (_, file) in content.attachments() {
        add(&[&file.title_zh, &file.title_en]);
    }
    for (_, entry) in content.under(Path::Annotations) {
        if let Act::Annotate { text, .. } = &entry.act {
            add(&[text]);
        }
    }
    let head = head?;
    head.faults
        .iter()
        .chain(&head.models)
        .for_each(|word| add(&[word]));
    Some(ArticleText { head, body })
}

/// The words a person wrote in an act, for cards; empty for acts without words.
pub(crate) fn own_words(act: &Act) -> String {
    use fieldline_model::operation::Answer;
    match act {
        Act::Note { text }
        | Act::Annotate { text, .. }
        | Act::Message { text }
        | Act::Decline { text, .. } => text.clone(),
        Act::Finish { completion, .. } => completion.text.clone(),
        Act::Answer { item, answer } => match answer {
            Answer::Tick(on) => format!("{item}: {}", if *on { "✓" } else { "✗" }),
            Answer::Reading { value, unit } => format!("{item}: {value} {unit}"),
            Answer::Text(text) => format!("{item}: {text}"),
        },
        Act::Photo(photo) => photo.caption.clone(),
        Act::UsePart { quantity, .. }
        | Act::RequestPart { quantity, .. }
        | Act::TransferPart { quantity, .. } => format!("× {quantity}"),
        Act::Sign { name, .. } => name.clone(),
        _ => String::new(),
    }
}
