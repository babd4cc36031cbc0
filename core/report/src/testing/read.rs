//! Reads a report as a viewer would: through the pages, the font's widths aside, to letters by what the file says of them.

use std::collections::BTreeMap;

use miniz_oxide::inflate::decompress_to_vec_zlib;

/// One line of text as it stands on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Page, from 1.
    pub page: usize,
    /// From the left, in points.
    pub x: f32,
    /// From below, in points.
    pub y: f32,
    /// What it says.
    pub text: String,
}

/// Every line of a file, page by page in the order it was drawn.
///
/// # Panics
/// When the file is not one that this crate writes.
#[must_use]
pub fn drawn(pdf: &[u8]) -> Vec<Drawn> {
    let objects = objects(pdf);
    let named =
        |head: &str, key: &str| -> Option<u32> { head.split(key).nth(1)?.split(' ').next()?.parse().ok() };
    let unicode = objects
        .values()
        .find_map(|(head, _)| named(head, "/ToUnicode "))
        .unwrap();
    let meanings = meanings(&String::from_utf8(unpacked(&objects[&unicode].1)).unwrap());
    let mut lines = Vec::new();
    let pages = objects
        .values()
        .filter(|(head, _)| head.contains("/Type /Page\n"));
    for (page, (head, _)) in pages.enumerate() {
        let content = unpacked(&objects[&named(head, "/Contents ").unwrap()].1);
        lines.extend(texts(page + 1, &content, &meanings));
    }
    lines
}

/// Objects by number: what stands before a stream, and its bytes.
fn objects(pdf: &[u8]) -> BTreeMap<u32, (String, Vec<u8>)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let find = |from: usize, what: &[u8]| {
        let found = pdf[from..].windows(what.len()).position(|part| part == what);
        found.map(|at| from + at)
    };
    let mut objects = BTreeMap::new();
    let mut at = 0;
    while let Some(start) = find(at, b" 0 obj") {
        let digits = pdf[..start]
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let number: u32 = text(&pdf[start - digits..start]).parse().unwrap();
        let end = find(start, b"endobj").unwrap();
        let stream = find(start, b"stream\n").filter(|stream| *stream < end);
        let (head, bytes, end) = match stream {
            None => (text(&pdf[start..end]), Vec::new(), end),
            Some(stream) => {
                let head = text(&pdf[start..stream]);
                let length = head.split("/Length ").nth(1).unwrap();
                let length: String = length.chars().take_while(char::is_ascii_digit).collect();
                let (from, length) = (stream + 7, length.parse::<usize>().unwrap());
                let end = find(from + length, b"endobj").unwrap();
                (head, pdf[from..from + length].to_vec(), end)
            }
        };
        objects.insert(number, (head, bytes));
        at = end;
    }
    objects
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    decompress_to_vec_zlib(bytes).unwrap()
}

/// What each glyph means.
fn meanings(map: &str) -> BTreeMap<u16, String> {
    let mut meanings = BTreeMap::new();
    for line in map
        .lines()
        .filter(|line| line.starts_with('<') && line.contains("> <"))
    {
        let (glyph, letters) = line.split_once("> <").unwrap();
        let hex = |text: &str| u16::from_str_radix(text, 16).unwrap();
        let letters = letters.trim_end_matches('>');
        let units: Vec<u16> = (0..letters.len() / 4)
            .map(|n| hex(&letters[4 * n..4 * n + 4]))
            .collect();
        let Ok(letter) = String::from_utf16(&units) else {
            continue;
        };
        if glyph.len() == 5 {
            meanings.insert(hex(&glyph[1..]), letter);
        }
    }
    meanings
}

fn texts(page: usize, content: &[u8], meanings: &BTreeMap<u16, String>) -> Vec<Drawn> {
    let mut lines = Vec::new();
    let mut place = (0.0, 0.0);
    let mut rest = content;
    while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'(' | b'<')) {
        let head = &rest[..end];
        if rest[end] == b'\n' {
            let words: Vec<&str> = std::str::from_utf8(head).unwrap().split(' ').collect();
            if let [x, y, "Td"] = words[..] {
                place = (x.parse().unwrap(), y.parse().unwrap());
            }
            rest = &rest[end + 1..];
            continue;
        }
        let (bytes, tail) = if rest[end] == b'<' {
            hex(&rest[end + 1..])
        } else {
            literal(&rest[end + 1..])
        };
        let glyphs = bytes
            .chunks_exact(2)
            .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        let text = glyphs.map(|glyph| meanings[&glyph].as_str()).collect();
        lines.push(Drawn {
            page,
            x: place.0,
            y: place.1,
            text,
        });
        rest = tail;
    }
    lines
}

fn hex(rest: &[u8]) -> (Vec<u8>, &[u8]) {
    let end = rest.iter().position(|byte| *byte == b'>').unwrap();
    let digits = std::str::from_utf8(&rest[..end]).unwrap();
    let bytes = (0..end / 2).map(|n| u8::from_str_radix(&digits[2 * n..2 * n + 2], 16).unwrap());
    (bytes.collect(), &rest[end + 1..])
}

/// A text in brackets; a backslash goes before brackets, backslashes, a few letters and three
/// octal digits.
fn literal(rest: &[u8]) -> (Vec<u8>, &[u8]) {
    let (mut bytes, mut at, mut depth) = (Vec::new(), 0, 0);
    loop {
        match rest[at] {
            b')' if depth == 0 => return (bytes, &rest[at + 1..]),
            b'\\' => {
                at += 1;
                bytes.push(match rest[at] {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'f' => 12,
                    b'0'..=b'7' => {
                        let digits = std::str::from_utf8(&rest[at..at + 3]).unwrap();
                        at += 2;
                        u8::from_str_radix(digits, 8).unwrap()
                    }
                    other => other,
                });
            }
            byte => {
                depth += i32::from(byte == b'(') - i32::from(byte == b')');
                bytes.push(byte);
            }
        }
        at += 1;
    }
}
