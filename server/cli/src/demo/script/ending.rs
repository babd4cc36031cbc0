//! How a visit ends: the cause that was found, the remedy, the report, the customer's signature.

use fieldline_model::fold::VisitState;
use fieldline_model::operation::{Completion, VisitResult};
use fieldline_model::row::Code;

use super::super::dice::Dice;
use super::super::notes;
use super::{Scene, dice};

/// Visits of a hundred that end without the fault being gone.
const PARTLY_PERCENT: i64 = 4;

/// The cause the engineer finds and the remedy he applies, each as its code.
pub(in super::super) struct Found<'a> {
    /// Why it happened.
    pub(in super::super) cause: Option<&'a Code>,
    /// What was done.
    pub(in super::super) remedy: Option<&'a Code>,
}

/// What he finds and what he does about it, fitting the fault.
pub(super) fn causes<'a>(scene: Scene<'a>, visit: &VisitState) -> Found<'a> {
    let fault = scene.view.facts.fault.as_deref().unwrap_or("ANY");
    let mut drawn = dice(scene.seed, visit, "found");
    let mut pick = |sort: &str, mark: &str| {
        let of = |begin: &str| {
            let begin = format!("{begin}-{mark}");
            scene
                .codes
                .iter()
                .filter(|code| code.sort == sort && code.code.starts_with(&begin))
                .collect::<Vec<_>>()
        };
        let fitting = of(fault);
        let any = of("ANY");
        let known = |code: &&&Code| !code.code.ends_with("UNKNOWN") && !code.code.ends_with("NONE");
        let from: Vec<&Code> = if fitting.is_empty() {
            any.iter().filter(known).copied().collect()
        } else {
            fitting
        };
        drawn.pick(&from).copied()
    };
    Found {
        cause: pick("cause", "C"),
        remedy: pick("remedy", "R"),
    }
}

/// His report.
pub(super) fn completion(scene: Scene<'_>, visit: &VisitState) -> Completion {
    let found = causes(scene, visit);
    let mut drawn = dice(scene.seed, visit, "result");
    let partly = !scene.must_fix && drawn.percent(PARTLY_PERCENT);
    let nothing = !partly && drawn.percent(PARTLY_PERCENT);
    let result = match (partly, nothing) {
        (true, _) => VisitResult::Partly,
        (_, true) => VisitResult::NoFaultFound,
        _ => VisitResult::Fixed,
    };
    let code = |code: Option<&Code>| code.map(|code| code.code.clone());
    let category = scene.view.facts.category.as_deref().unwrap_or_default();
    let (cause, remedy) = if nothing {
        (None, None)
    } else {
        (code(found.cause), code(found.remedy))
    };
    Completion {
        result,
        cause,
        remedy,
        text: notes::report(scene.english, category, result, &found, &mut drawn),
    }
}

/// A name nobody can read, as on every such glass.
pub(super) fn stroke(drawn: &mut Dice) -> String {
    let mut path = format!("M40 {}", drawn.between(80, 140));
    for x in 1..6 {
        let (from, to) = (40 + x * 90 - 50, 40 + x * 90);
        path.push_str(&format!(
            " C{from} {} {from} {} {to} {}",
            drawn.between(30, 170),
            drawn.between(30, 170),
            drawn.between(70, 130)
        ));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_a_drawing_the_rules_allow() {
        let path = stroke(&mut Dice::of(1, "s"));
        assert!(
            path.bytes()
                .all(|b| b.is_ascii_digit() || b"MLQCZ ,.-".contains(&b)),
            "{path}"
        );
    }
}
