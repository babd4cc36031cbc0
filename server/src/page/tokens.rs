//! The colour tokens of all pages: one table, from which the `:root` block of both style sheets is made.
//!
//! Style sheets name tokens only (`var(--ink)`), never a colour, so the table and the pages can not diverge, and the
//! contrast of every text on every ground it may stand on is computed from the same table.

use std::fmt::Write;

/// A colour, 8 bits each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// A named colour in both schemes.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// Name in the style sheet, without the dashes.
    pub name: &'static str,
    /// Colour on light paper.
    pub light: Rgb,
    /// Colour on dark paper.
    pub dark: Rgb,
    /// Whether text is written in it; such a token also gets a `-tint` to stand on.
    pub writes: bool,
}

const fn token(name: &'static str, light: u32, dark: u32, writes: bool) -> Token {
    Token {
        name,
        light: Rgb::hex(light),
        dark: Rgb::hex(dark),
        writes,
    }
}

/// All tokens. The dark label colours are derived: the light hue lifted until it reads on dark mist.
pub const TOKENS: [Token; 19] = [
    token("ink", 0x14_212B, 0xE8_EEF2, false),
    token("paper", 0xFF_FFFF, 0x0F_171D, false),
    token("mist", 0xF3_F6F8, 0x17_222A, false),
    token("line", 0xD5_DDE3, 0x2A_3842, false),
    token("quiet", 0x4A_5B68, 0xA9_B9C5, false),
    token("accent", 0x0A_6C8F, 0x5B_B8D9, true),
    token("accent-ink", 0xFF_FFFF, 0x06_222D, false),
    token("received", 0x5B_6B78, 0xA3_B3C0, true),
    token("assigning", 0x4F_5BB5, 0xA6_AEF0, true),
    token("way", 0x1F_6FD1, 0x7C_B3F5, true),
    token("arrived", 0x0A_7771, 0x56_C2BA, true),
    token("progress", 0x9A_5B00, 0xE3_AC57, true),
    token("done", 0x2C_7A3A, 0x79_C788, true),
    token("breach", 0xB3_261E, 0xF2_9A92, true),
    token("warning", 0x9A_5B00, 0xE3_AC57, true),
    token("overruled", 0x7A_3FA0, 0xCD_A6E6, true),
    token("refused", 0xB3_261E, 0xF2_9A92, true),
    token("pending", 0x52_677A, 0x9D_B2C4, true),
    token("shade", 0xC9_D2D9, 0x05_0A0D, false),
];

/// How much of the colour is in its tint, in percent. More would take light blue below 4.5:1.
const TINT_PERCENT: u16 = 6;

impl Rgb {
    const fn hex(value: u32) -> Rgb {
        let [_, r, g, b] = value.to_be_bytes();
        Rgb(r, g, b)
    }

    /// This colour laid thinly over `ground`.
    fn tint_on(self, ground: Rgb) -> Rgb {
        let mix = |a: u8, b: u8| {
            let sum = u16::from(a) * TINT_PERCENT + u16::from(b) * (100 - TINT_PERCENT);
            u8::try_from(sum / 100).unwrap_or(u8::MAX)
        };
        Rgb(
            mix(self.0, ground.0),
            mix(self.1, ground.1),
            mix(self.2, ground.2),
        )
    }
}

/// The `:root` block of a style sheet, light first, dark when the reader's system asks for it.
pub fn root_block() -> String {
    let (light_paper, dark_paper) = (TOKENS[1].light, TOKENS[1].dark);
    let mut css = String::from(":root{color-scheme:light dark;");
    write_block(&mut css, light_paper, |t| t.light);
    css.push_str("}@media(prefers-color-scheme:dark){:root{");
    write_block(&mut css, dark_paper, |t| t.dark);
    css.push_str("}}\n");
    css
}

fn write_block(css: &mut String, paper: Rgb, pick: impl Fn(&Token) -> Rgb) {
    for token in &TOKENS {
        let colour = pick(token);
        write_colour(css, token.name, "", colour);
        if token.writes {
            write_colour(css, token.name, "-tint", colour.tint_on(paper));
        }
    }
}

fn write_colour(css: &mut String, name: &str, suffix: &str, Rgb(r, g, b): Rgb) {
    write!(css, "--{name}{suffix}:#{r:02x}{g:02x}{b:02x};").expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(Rgb(r, g, b): Rgb) -> f64 {
        let part = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
    }

    fn contrast(a: Rgb, b: Rgb) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn named(name: &str) -> Token {
        *TOKENS
            .iter()
            .find(|t| t.name == name)
            .expect("token is in the table")
    }

    fn assert_reads(what: &str, text: Rgb, ground: Rgb) {
        let ratio = contrast(text, ground);
        assert!(ratio >= 4.5, "{what}: {ratio:.2}");
    }

    #[test]
    fn every_text_reads_on_every_ground_it_may_stand_on() {
        for pick in [|t: Token| t.light, |t: Token| t.dark] {
            let paper = pick(named("paper"));
            let texts = TOKENS
                .iter()
                .filter(|t| t.writes || ["ink", "quiet"].contains(&t.name));
            for text in texts {
                for ground in ["paper", "mist"] {
                    assert_reads(
                        &format!("{} on {ground}", text.name),
                        pick(*text),
                        pick(named(ground)),
                    );
                }
                if text.writes {
                    let tint = pick(*text).tint_on(paper);
                    assert_reads(&format!("{} on its tint", text.name), pick(*text), tint);
                    assert_reads(&format!("ink on {} tint", text.name), pick(named("ink")), tint);
                    assert_reads(
                        &format!("quiet on {} tint", text.name),
                        pick(named("quiet")),
                        tint,
                    );
                }
            }
            for ground in ["accent", "breach"] {
                assert_reads(
                    &format!("accent-ink on {ground}"),
                    pick(named("accent-ink")),
                    pick(named(ground)),
                );
            }
        }
    }

    #[test]
    fn style_sheets_name_tokens_and_no_colours() {
        let root = root_block();
        for css in [
            include_str!("../../web/hq.css"),
            include_str!("../../web/track.css"),
        ] {
            assert!(
                !css.contains('#') && !css.contains("rgb"),
                "a colour outside the table"
            );
            for name in css
                .split("var(--")
                .skip(1)
                .filter_map(|rest| rest.split_once(')'))
                .map(|(name, _)| name)
            {
                assert!(
                    root.contains(&format!("--{name}:")),
                    "--{name} is not in the table"
                );
            }
        }
    }
}
