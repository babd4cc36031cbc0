//! Numbers as people read them.

use std::ops::RangeInclusive;

/// Beyond these a number is written with its power of ten: a line has no room for 300 digits.
const PLAIN: RangeInclusive<f64> = 1e-6..=1e12;

/// The shortest text that is this number.
pub(crate) fn number(value: f64) -> String {
    if value == 0.0 {
        "0".to_owned()
    } else if PLAIN.contains(&value.abs()) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_short() {
        let all = [
            (4.25, "4.25"),
            (-0.0, "0"),
            (220.0, "220"),
            (f64::MAX, "1.7976931348623157e308"),
            (1e-9, "1e-9"),
        ];
        for (value, text) in all {
            assert_eq!(number(value), text);
        }
    }
}
