//! Where a line may end. Chinese breaks between any two characters, but no closing mark begins a line and no opening
//! one ends it; other scripts break at spaces and hyphens. What fits nowhere is cut where it must be.

/// Marks that never begin a line.
const CLOSING: &str = "、。，．：；！？）］｝〕〉》」』】〗〙〛”’…—～·‧%‰℃℉°′″,.;:!?)]}／ー々〻％";
/// Marks that never end one.
const OPENING: &str = "（［｛〔〈《「『【〖〘〚“‘([{￥＄$¥€£";

/// Lines of a text no wider than `width`, by the width of each character. Line ends in the text are kept.
pub(crate) fn broken(text: &str, width: i32, of: impl Fn(char) -> i32) -> Vec<String> {
    text.split('\n')
        .flat_map(|paragraph| paragraph_lines(paragraph, width, &of))
        .collect()
}

fn paragraph_lines(text: &str, width: i32, of: &impl Fn(char) -> i32) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut lines = Vec::new();
    let (mut start, mut gap, mut used) = (0, 0, 0_i32);
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if at > start && may_break(chars[at - 1], c) {
            gap = at;
        }
        let wide = of(c);
        // A space at the end of a line is not there.
        if c != ' ' && at > start && used.saturating_add(wide) > width {
            let end = if gap > start { gap } else { at };
            lines.push(trimmed(&chars[start..end]));
            start = end;
            used = chars[start..at].iter().map(|c| of(*c)).sum();
            gap = start;
            continue;
        }
        used = used.saturating_add(wide);
        at += 1;
    }
    lines.push(trimmed(&chars[start..]));
    lines
}

fn trimmed(chars: &[char]) -> String {
    let line: String = chars.iter().collect();
    line.trim_matches(' ').to_owned()
}

fn may_break(before: char, after: char) -> bool {
    if after == ' ' || CLOSING.contains(after) || OPENING.contains(before) {
        return false;
    }
    before == ' ' || is_wide(before) || is_wide(after) || before == '-' || before == '/'
}

/// Characters of scripts that are written without spaces, and their marks.
fn is_wide(c: char) -> bool {
    matches!(
        c,
        '\u{1100}'..='\u{115f}'
            | '\u{2014}'
            | '\u{2026}'
            | '\u{2e80}'..='\u{a4cf}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}'
            | '\u{fe30}'..='\u{fe4f}'
            | '\u{ff00}'..='\u{ff60}'
            | '\u{ffe0}'..='\u{ffe6}'
            | '\u{1f300}'..='\u{1faff}'
            | '\u{20000}'..='\u{3fffd}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chinese is two wide, the rest one.
    fn cut(text: &str, width: i32) -> Vec<String> {
        broken(text, width, |c| if is_wide(c) { 2 } else { 1 })
    }

    #[test]
    fn no_closing_mark_begins_a_line_and_no_opening_one_ends_it() {
        assert_eq!(cut("更换硒鼓。清洁", 8), ["更换硒", "鼓。清洁"]);
        assert_eq!(cut("更换（定影）", 6), ["更换", "（定", "影）"]);
        assert_eq!(cut("纸张（A4）卡住", 8), ["纸张", "（A4）卡", "住"]);
        for text in ["他说：“好了！”就走了。", "一、二；三：四？五！六……七——八（九）十"]
        {
            for width in 4..24 {
                for line in cut(text, width) {
                    let chars: Vec<char> = line.chars().collect();
                    let forced = chars.iter().all(|c| CLOSING.contains(*c) || OPENING.contains(*c));
                    assert!(
                        forced || !CLOSING.contains(chars[0]) || width < 8,
                        "{line} at {width}"
                    );
                    let last = chars[chars.len() - 1];
                    assert!(!OPENING.contains(last) || width < 8, "{line} at {width}");
                }
            }
        }
    }

    #[test]
    fn words_stay_whole_and_what_fits_nowhere_is_cut() {
        assert_eq!(
            cut("Replaced the drum-unit, cleaned", 13),
            ["Replaced the", "drum-unit,", "cleaned"]
        );
        assert_eq!(cut("型号HL-1234正常", 8), ["型号HL-", "1234正常"]);
        assert_eq!(cut(&"x".repeat(10), 4), ["xxxx", "xxxx", "xx"]);
        assert_eq!(cut("。。。。。", 4), ["。。", "。。", "。"]);
        assert_eq!(cut("一\n\n二", 8), ["一", "", "二"]);
        assert_eq!(cut("", 8), [""]);
        assert_eq!(cut("一", 0), ["一"]);
    }

    #[test]
    fn a_long_text_takes_no_longer_than_it_must() {
        let lines = cut(&"，".repeat(20_000), 40);
        assert_eq!(lines.len(), 1_000);
    }
}
