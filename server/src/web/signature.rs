//! A signature's strokes as a picture that needs no request of its own.

use std::fmt::Write as _;

/// The box the strokes are drawn in.
const BOX: &str = "0 0 600 200";
/// Longest path shown as it is; a longer one loses points, so that the customer's page stays small.
const PATH_BYTES_MAX: usize = 6_000;

/// The address of the picture; `None` for strokes that are none, or too many to show.
pub(crate) fn src(path: &str) -> Option<String> {
    let path = thin(path)?;
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='{BOX}'><path d='{path}' fill='none' stroke='#14212b' \
         stroke-width='5' stroke-linecap='round' stroke-linejoin='round'/></svg>"
    );
    let mut out = String::with_capacity(svg.len() + 128);
    out.push_str("data:image/svg+xml,");
    for c in svg.chars() {
        match c {
            '<' | '>' | '#' | '%' | '"' => write!(out, "%{:02X}", u32::from(c)).ok()?,
            _ => out.push(c),
        }
    }
    Some(out)
}

/// The path with as few points as its length allows. Only moves and lines can be thinned; curves are few anyway.
fn thin(path: &str) -> Option<String> {
    let good = |b: u8| b.is_ascii_digit() || b"MLQCZ ,.-".contains(&b);
    if path.is_empty() || !path.bytes().all(good) {
        return None;
    }
    if path.len() <= PATH_BYTES_MAX {
        return Some(path.to_owned());
    }
    if path.contains(['Q', 'C']) {
        return None;
    }
    let every = path.len() / PATH_BYTES_MAX + 2;
    let mut kept = String::new();
    for stroke in path.split('M').filter(|stroke| !stroke.trim().is_empty()) {
        let points: Vec<&str> = stroke.split('L').collect();
        let last = points.len() - 1;
        for (i, point) in points
            .iter()
            .enumerate()
            .filter(|(i, _)| i % every == 0 || *i == last)
        {
            kept.push(if i == 0 { 'M' } else { 'L' });
            kept.push_str(point.trim());
        }
    }
    (kept.len() <= PATH_BYTES_MAX).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_become_a_picture_and_nothing_else_does() {
        let src = src("M10 20L30.5 40").unwrap();
        assert!(src.starts_with("data:image/svg+xml,%3Csvg") && src.contains("d='M10 20L30.5 40'"));
        assert!(!src.contains(['<', '>', '"']));
        for bad in ["", "M0 0'/><script>", "M1 1\n"] {
            assert_eq!(super::src(bad), None);
        }
    }

    #[test]
    fn a_long_signature_loses_points_and_keeps_its_ends() {
        let mut path = String::from("M0 0");
        for i in 1..3_000 {
            write!(path, "L{} {}", i % 600, i % 200).unwrap();
        }
        path.push_str("L7 9M1 1L2 2");
        let thinned = thin(&path).unwrap();
        assert!(
            thinned.len() <= PATH_BYTES_MAX
                && thinned.starts_with("M0 0L")
                && thinned.ends_with("L7 9M1 1L2 2")
        );
        assert_eq!(thin(&"Q1 1 2 2".repeat(1_000)), None);
    }
}
