//! Single values: phone numbers, dates, degrees, money and counts, as people and spreadsheets write them.

const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;
const CHINESE_MOBILE_DIGITS: usize = 11;
const YEARS: std::ops::RangeInclusive<u32> = 1990..=2100;
/// No part costs ten million yuan; a longer number is a part number in the wrong column.
const PRICE_FEN_MAX: u64 = 1_000_000_000;
/// No company keeps ten million of one part.
const COUNT_MAX: u32 = 10_000_000;

/// Digits with an optional leading `+`. A number that starts like a Chinese mobile must have eleven digits; no other
/// plan is enforced, because a number that looks odd is often still the right one.
pub(super) fn phone(text: &str) -> Option<String> {
    let mut digits = String::new();
    let mut international = false;
    for (place, c) in text.chars().enumerate() {
        match c {
            '0'..='9' => digits.push(c),
            '０'..='９' => digits.push(char::from_digit(c as u32 - '０' as u32, 10)?),
            '+' | '＋' if place == 0 => international = true,
            ' ' | '\u{a0}' | '-' | '(' | ')' | '（' | '）' => {}
            _ => return None,
        }
    }
    let like_mobile = matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..]) && !international;
    if !PHONE_DIGITS.contains(&digits.len()) || (like_mobile && digits.len() != CHINESE_MOBILE_DIGITS) {
        return None;
    }
    Some(if international {
        format!("+{digits}")
    } else {
        digits
    })
}

/// `2026-08-31`, or `2026/8/31` as spreadsheets rewrite it, to `2026-08-31`.
pub(super) fn date(text: &str) -> Option<String> {
    let mut parts = text.split(if text.contains('/') { '/' } else { '-' });
    let year = part_of_date(parts.next()?, 4)?;
    let month = part_of_date(parts.next()?, 2)?;
    let day = part_of_date(parts.next()?, 2)?;
    let good = parts.next().is_none() && YEARS.contains(&year) && (1..=days_of(year, month)).contains(&day);
    good.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

fn part_of_date(text: &str, digits_max: usize) -> Option<u32> {
    let plain = text.len() <= digits_max && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Days of the month; 0 when there is no such month.
fn days_of(year: u32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

/// Degrees in plain decimal form, `-max..=max`.
pub(super) fn degrees(text: &str, max: f64) -> Option<f64> {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    let number: f64 = plain.then(|| text.parse().ok()).flatten()?;
    (-max..=max).contains(&number).then_some(number)
}

/// Yuan with up to two decimals, in fen.
pub(super) fn price_fen(text: &str) -> Option<u64> {
    let (yuan, rest) = text.split_once('.').unwrap_or((text, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(yuan) || !all_digits(rest) || rest.len() > 2 {
        return None;
    }
    let fen: u64 = format!("{rest:0<2}").parse().ok()?;
    let total = yuan.parse::<u64>().ok()?.checked_mul(100)?.checked_add(fen)?;
    (total <= PRICE_FEN_MAX).then_some(total)
}

/// A whole number from 0.
pub(super) fn count(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    plain
        .then(|| text.parse().ok())
        .flatten()
        .filter(|count| *count <= COUNT_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_digits_however_they_are_written() {
        assert_eq!(phone("139 0000-8101").as_deref(), Some("13900008101"));
        assert_eq!(phone("１３９００００８１０１").as_deref(), Some("13900008101"));
        assert_eq!(phone("+44 (7700) 900142").as_deref(), Some("+447700900142"));
        assert_eq!(phone("021-0000-6120").as_deref(), Some("02100006120"));
        for bad in [
            "1390000810",
            "139000081011",
            "1.39E+10",
            "123456",
            "号码",
            "139+00008101",
            "",
        ] {
            assert_eq!(phone(bad), None, "{bad}");
        }
    }

    #[test]
    fn dates_are_days_of_the_calendar() {
        assert_eq!(date("2026/8/1").as_deref(), Some("2026-08-01"));
        assert_eq!(date("2028-02-29").as_deref(), Some("2028-02-29"));
        for bad in [
            "2026-02-29",
            "31/08/2026",
            "2026-13-01",
            "2026-00-10",
            "2026-08",
            "2026-08-31-1",
            "46265",
        ] {
            assert_eq!(date(bad), None, "{bad}");
        }
    }

    #[test]
    fn numbers_stay_in_their_range() {
        assert_eq!(degrees("-0.09", 90.0), Some(-0.09));
        assert_eq!(
            (degrees("131.2", 90.0), degrees("nan", 90.0), degrees("1e1", 90.0)),
            (None, None, None)
        );
        assert_eq!(
            (price_fen("45"), price_fen("45.5"), price_fen("45.05")),
            (Some(4500), Some(4550), Some(4505))
        );
        assert_eq!(
            (
                price_fen("45.555"),
                price_fen("-1"),
                price_fen("1,200"),
                price_fen(".5")
            ),
            (None, None, None, None)
        );
        assert_eq!(
            (count("12"), count("-1"), count("1.5"), count("")),
            (Some(12), None, None, None)
        );
    }
}
