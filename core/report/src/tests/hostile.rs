//! Texts, pictures and strokes that nobody means well by.

use proptest::collection::vec;
use proptest::prelude::*;

use super::sample::{ZH, both, font, jpeg, list, sample};
use crate::report;
use crate::testing::drawn;
use crate::told::{Answered, Item, PartUse, Picture, Report, Shows, Signed, Sound};

fn says(told: &Report) -> String {
    let lines = drawn(&report(told, &ZH, &font()).unwrap());
    lines
        .iter()
        .map(|line| line.text.as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_letter_the_font_lacks_is_a_box() {
    let mut told = sample();
    told.customer = both("张\u{1f600}三\u{20bb7}四", "");
    assert!(says(&told).contains("张□三□四"));
}

#[test]
fn what_turns_the_line_or_moves_the_pen_does_not_get_onto_the_paper() {
    let mut told = sample();
    told.customer = both("甲\u{202e}乙\u{2066}丙\u{0}\u{1b}[2J丁) Tj (戊\\", "");
    told.number = "T-1\nET Q".to_owned();
    let says = says(&told);
    assert!(says.contains("甲乙丙[2J丁) Tj (戊\\"), "{says}");
    assert!(says.contains("T-1 ET Q"));
}

#[test]
fn a_picture_that_is_none_is_words() {
    let mut told = sample();
    let mut damaged = jpeg(&[]);
    damaged.truncate(80);
    told.photos = list(vec![
        Picture {
            shows: Shows::Before,
            caption: String::new(),
            jpeg: Some(damaged),
        },
        Picture {
            shows: Shows::After,
            caption: String::new(),
            jpeg: None,
        },
    ]);
    let says = says(&told);
    assert!(
        says.contains("照片已损坏") && says.contains("照片不在此处"),
        "{says}"
    );
}

#[test]
fn strokes_that_are_none_are_words() {
    let mut told = sample();
    for bad in ["", "M0 0", "h", "M0 0L1 1</path>"] {
        told.signed.as_mut().unwrap().path = bad.to_owned();
        let says = says(&told);
        assert!(
            says.contains("签字图形已损坏") && says.contains("李女士"),
            "{bad}"
        );
    }
}

fn text() -> impl Strategy<Value = String> {
    let letters = prop_oneof![
        4 => proptest::char::range('\u{4e00}', '\u{4fff}'),
        2 => proptest::char::range(' ', '~'),
        1 => proptest::sample::select("，。（）“”\n\t\r\u{0}\u{202e}\u{200d}\u{feff}\u{1f600}é\u{0301}ا".chars().collect::<Vec<_>>()),
        1 => any::<char>(),
    ];
    vec(letters, 0..120).prop_map(|letters| letters.into_iter().collect())
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        "[MLQCZ0-9 ,.-]{0,60}",
        text(),
        vec((-900.0..900.0_f32, -900.0..900.0_f32), 1..30).prop_map(|points| points
            .iter()
            .map(|(x, y)| format!("{}{x} {y}", if *x > 800.0 { 'M' } else { 'L' }))
            .collect::<String>()
            .replacen('L', "M", 1)),
    ]
}

fn picture() -> impl Strategy<Value = Option<Vec<u8>>> {
    prop_oneof![
        Just(None),
        vec(any::<u8>(), 0..200).prop_map(Some),
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, value)| {
            let mut bytes = jpeg(&[0xff, 0xe1, 0, 2]);
            let at = at.index(bytes.len());
            bytes[at] = value;
            Some(bytes)
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_people_write_there_is_a_paper(
        texts in vec(text(), 12),
        value in any::<f64>(),
        ms in any::<i64>(),
        path in path(),
        jpeg in picture(),
        items in 0_usize..60,
    ) {
        let both = |n: usize| both(&texts[n], &texts[(n + 1) % 12]);
        let mut told = sample();
        told.company.clone_from(&texts[0]);
        told.number.clone_from(&texts[1]);
        told.customer = both(2);
        told.fault_text.clone_from(&texts[3]);
        let at = fieldline_model::time::Timestamp::from_ms(ms);
        let visit = &mut told.visits.shown[0];
        (visit.accepted, visit.finished, visit.labour_minutes) = (Some(at), Some(at), Some(ms));
        visit.text.clone_from(&texts[4]);
        visit.cause = both(5);
        told.parts = list(vec![PartUse { number: texts[6].clone(), name: both(7), quantity: u64::MAX }]);
        let item = |n: usize| Item {
            label: both(n % 12),
            answer: if n.is_multiple_of(2) { Answered::Reading { value, unit: texts[8].clone() } } else { Answered::Text(texts[9].clone()) },
            sound: Some(Sound { min: Some(value), max: None, unit: texts[8].clone() }),
        };
        told.checklist = list((0..items).map(item).collect());
        told.photos = list(vec![Picture { shows: Shows::Before, caption: texts[10].clone(), jpeg }]);
        told.signed = Some(Signed { name: texts[11].clone(), at, path });
        let pdf = report(&told, &ZH, &font()).unwrap();
        for line in drawn(&pdf) {
            prop_assert!(!line.text.contains(fieldline_model::plain::is_stray), "{line:?}");
        }
    }
}
