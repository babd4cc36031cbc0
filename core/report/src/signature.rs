//! The customer's signature: SVG path data from a phone to strokes. Anything but absolute moves, lines and curves is no
//! signature, and is told in words instead.

/// The box it was drawn in.
pub(crate) const BOX: (f32, f32) = (600.0, 200.0);
/// Most steps: a path of the greatest length has fewer.
const STEPS_MAX: usize = 12_000;
/// Farther than this from the box nothing is drawn: viewers reckon in small numbers.
const FAR: f32 = 10_000.0;

type Point = (f32, f32);

/// One step of the pen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step {
    /// Without ink.
    Move(Point),
    /// Straight.
    Line(Point),
    /// By two points that draw it aside.
    Curve(Point, Point, Point),
    /// Back to where the stroke began.
    Close,
}

/// The strokes; `None` where the text is no path that starts with a move, or leads nowhere.
pub(crate) fn steps(path: &str) -> Option<Vec<Step>> {
    let mut rest = Reader(path);
    let mut steps = Vec::new();
    let (mut command, mut at, mut begun) = (None, (0.0, 0.0), (0.0, 0.0));
    while let Some(next) = rest.command(command)? {
        if steps.len() >= STEPS_MAX || (steps.is_empty() && next != 'M') {
            return None;
        }
        let step = match next {
            'M' => Step::Move(rest.point()?),
            'L' => Step::Line(rest.point()?),
            'C' => Step::Curve(rest.point()?, rest.point()?, rest.point()?),
            'Q' => {
                let (aside, to) = (rest.point()?, rest.point()?);
                Step::Curve(towards(at, aside), towards(to, aside), to)
            }
            'Z' => Step::Close,
            _ => return None,
        };
        match step {
            Step::Move(to) => (at, begun) = (to, to),
            Step::Line(to) | Step::Curve(_, _, to) => at = to,
            Step::Close => at = begun,
        }
        // After a move further points are lines; after a close nothing follows without a command.
        command = match next {
            'M' => Some('L'),
            'Z' => None,
            other => Some(other),
        };
        steps.push(step);
    }
    let draws = |step: &Step| matches!(step, Step::Line(_) | Step::Curve(..));
    steps.iter().any(draws).then_some(steps)
}

/// Two thirds of the way.
fn towards(from: Point, to: Point) -> Point {
    let part = |from: f32, to: f32| from + (to - from) * 2.0 / 3.0;
    (part(from.0, to.0), part(from.1, to.1))
}

struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn skip(&mut self) {
        self.0 = self.0.trim_start_matches([' ', ',']);
    }

    /// The next command, the one before where none stands there; inner `None` at the end.
    fn command(&mut self, before: Option<char>) -> Option<Option<char>> {
        self.skip();
        let Some(c) = self.0.chars().next() else {
            return Some(None);
        };
        if c.is_ascii_alphabetic() {
            self.0 = &self.0[1..];
            return Some(Some(c));
        }
        before.map(Some)
    }

    fn point(&mut self) -> Option<Point> {
        Some((self.number()?, self.number()?))
    }

    fn number(&mut self) -> Option<f32> {
        self.skip();
        let bytes = self.0.as_bytes();
        let mut end = usize::from(bytes.first() == Some(&b'-'));
        let mut has_dot = false;
        while let Some(byte) = bytes.get(end) {
            match byte {
                b'0'..=b'9' => {}
                b'.' if !has_dot => has_dot = true,
                _ => break,
            }
            end += 1;
        }
        let (number, rest) = self.0.split_at(end);
        self.0 = rest;
        let number: f32 = number.parse().ok()?;
        Some(number.clamp(-FAR, FAR))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_are_read_as_they_were_drawn() {
        let expected = [
            Step::Move((10.0, 20.0)),
            Step::Line((30.5, 40.0)),
            Step::Line((1.0, -2.0)),
        ];
        assert_eq!(steps("M10 20L30.5,40 1-2").unwrap(), expected);
        let curve = [
            Step::Move((0.0, 0.0)),
            Step::Curve((2.0, 4.0), (4.0, 4.0), (6.0, 0.0)),
            Step::Close,
        ];
        assert_eq!(steps("M0 0Q3 6 6 0Z").unwrap(), curve);
        assert_eq!(
            steps("M0 0C1 2 3 4 5 6").unwrap()[1],
            Step::Curve((1.0, 2.0), (3.0, 4.0), (5.0, 6.0))
        );
        assert_eq!(steps("M0 0L.5.5").unwrap()[1], Step::Line((0.5, 0.5)));
    }

    #[test]
    fn what_is_no_signature_is_none() {
        let long = format!("M0 0{}", "L1 1".repeat(20_000));
        for bad in [
            "",
            "M1 1",
            "L1 1",
            "M0 0L1",
            "M0 0 h 5",
            "M0 0L1 1'/><script>",
            "M0 0L1 1\n",
            "M0 0Z1 1",
            "M0 0L- 1",
            &long,
        ] {
            assert_eq!(steps(bad), None, "{bad:.20}");
        }
        assert_eq!(
            steps("M0 0L99999999999999999999 1").unwrap()[1],
            Step::Line((FAR, 1.0))
        );
    }
}
