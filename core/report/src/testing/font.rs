//! A TrueType font made here: Latin, punctuation and all common Chinese letters, each a glyph of its own without ink.

/// First and last letter of each range it has.
const RANGES: &[(u32, u32)] = &[
    (0x20, 0x7e),
    (0xa0, 0xff),
    (0x2010, 0x2030),
    (0x2100, 0x2110),
    (0x25a1, 0x25a1),
    (0x3000, 0x303f),
    (0x4e00, 0x9fff),
    (0xff00, 0xffef),
];
/// Letters of this many first ones are half as wide as the rest.
const NARROW: u16 = 1 + 95 + 96;
const UNITS: u16 = 1_000;

/// The font.
#[must_use]
pub fn font() -> Vec<u8> {
    let letters: u32 = RANGES.iter().map(|(first, last)| last - first + 1).sum();
    let glyphs = u16::try_from(1 + letters).unwrap();
    let tables: [(&[u8; 4], Vec<u8>); 9] = [
        (b"cmap", cmap()),
        (b"glyf", square()),
        (b"head", head()),
        (b"hhea", hhea()),
        (b"hmtx", hmtx(glyphs)),
        (b"loca", loca(glyphs)),
        (b"maxp", maxp(glyphs)),
        (b"name", name()),
        (b"post", words(&[3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
    ];
    let mut font = words(&[1, 0, 9, 0, 0, 0]);
    let mut offset = 12 + 16 * tables.len();
    for (tag, table) in &tables {
        font.extend(*tag);
        font.extend([0; 4]);
        font.extend(u32::try_from(offset).unwrap().to_be_bytes());
        font.extend(u32::try_from(table.len()).unwrap().to_be_bytes());
        offset += table.len().next_multiple_of(4);
    }
    for (_, table) in tables {
        font.extend(&table);
        font.resize(font.len().next_multiple_of(4), 0);
    }
    font
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn longs(longs: &[u32]) -> Vec<u8> {
    longs.iter().flat_map(|long| long.to_be_bytes()).collect()
}

fn cmap() -> Vec<u8> {
    let mut groups = Vec::new();
    let mut glyph = 1;
    for (first, last) in RANGES {
        groups.extend([*first, *last, glyph]);
        glyph += last - first + 1;
    }
    let count = u32::try_from(RANGES.len()).unwrap();
    let mut table = words(&[0, 1, 3, 10, 0, 12, 12, 0]);
    table.extend(longs(&[16 + 12 * count, 0, count]));
    table.extend(longs(&groups));
    table
}

/// One square, of the glyph that stands for none.
fn square() -> Vec<u8> {
    let mut glyph = words(&[1, 0, 0, 500, 500, 3, 0]);
    glyph.extend([1, 1, 1, 1]);
    glyph.extend(words(&[0, 500, 0, 0_u16.wrapping_sub(500)]));
    glyph.extend(words(&[0, 0, 500, 0]));
    glyph
}

fn loca(glyphs: u16) -> Vec<u8> {
    let end = u32::try_from(square().len()).unwrap();
    let mut table = longs(&[0]);
    (0..glyphs).for_each(|_| table.extend(end.to_be_bytes()));
    table
}

fn head() -> Vec<u8> {
    let mut table = words(&[1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 0, UNITS]);
    table.extend([0; 16]);
    table.extend(words(&[0, 0, UNITS, UNITS, 0, 8, 2, 1, 0]));
    table
}

fn hhea() -> Vec<u8> {
    let mut table = words(&[1, 0, 880, 0_u16.wrapping_sub(120), 0, UNITS]);
    table.extend([0; 22]);
    table.extend(words(&[NARROW + 1]));
    table
}

fn hmtx(glyphs: u16) -> Vec<u8> {
    let mut table = Vec::new();
    for glyph in 0..=NARROW {
        let width = if (1..NARROW).contains(&glyph) {
            UNITS / 2
        } else {
            UNITS
        };
        table.extend(words(&[width, 0]));
    }
    table.extend(words(&vec![0; usize::from(glyphs - NARROW - 1)]));
    table
}

fn maxp(glyphs: u16) -> Vec<u8> {
    let mut table = words(&[1, 0, glyphs, 4, 1]);
    table.extend(words(&[0; 11]));
    table
}

fn name() -> Vec<u8> {
    let text: Vec<u8> = "Test SC".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let length = u16::try_from(text.len()).unwrap();
    let mut table = words(&[0, 2, 30, 3, 1, 0x409, 1, length, 0, 3, 1, 0x409, 6, length, 0]);
    table.extend(text);
    table
}
