//! The file: pages, pictures and the font's few letters, each under a number of its own. No dates and no random names:
//! what was not told does not stand in it.

use std::collections::BTreeMap;

use fieldline_model::reason::Lang;
use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Chunk, Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use crate::ReportError;
use crate::face::{EM, Embedded};
use crate::jpeg::Jpeg;
use crate::measure::PAGE;
use crate::sheet::{FONT, picture_name};

/// Effort of compression, of 10: beyond it a second is lost for a hundredth.
const EFFORT: u8 = 6;
const IDENTITY: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};
const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const INFO: Ref = Ref::new(3);
const TYPE0: Ref = Ref::new(4);
const CID: Ref = Ref::new(5);
const DESCRIPTOR: Ref = Ref::new(6);
const FONT_FILE: Ref = Ref::new(7);
const UNICODE: Ref = Ref::new(8);
/// The first number of pictures, pages and their contents.
const FIRST: i32 = 9;

/// What the file says of itself.
pub(crate) struct Head {
    pub(crate) title: String,
    pub(crate) author: String,
    pub(crate) lang: Lang,
}

/// Writes the file.
///
/// # Errors
/// [`ReportError::NoFont`] never of a font that was opened: a page has fewer things than there are numbers.
pub(crate) fn written(
    head: &Head,
    pages: Vec<Content>,
    pictures: &[Jpeg],
    font: &Embedded,
) -> Result<Vec<u8>, ReportError> {
    let mut next = (FIRST..).map(Ref::new);
    let mut numbers = |count: usize| -> Vec<Ref> { next.by_ref().take(count).collect() };
    let images = numbers(pictures.len());
    let leaves = numbers(pages.len());
    let streams = numbers(pages.len());
    let mut pdf = Pdf::new();
    let tag = match head.lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    };
    pdf.catalog(CATALOG).pages(PAGES).lang(TextStr(tag));
    let count = i32::try_from(leaves.len()).map_err(|_| ReportError::NoFont)?;
    pdf.pages(PAGES).kids(leaves.iter().copied()).count(count);
    pdf.document_info(INFO)
        .title(TextStr(&head.title))
        .author(TextStr(&head.author))
        .creator(TextStr("Fieldline"));
    for (leaf, stream) in leaves.iter().zip(&streams) {
        let mut page = pdf.page(*leaf);
        page.media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1))
            .parent(PAGES)
            .contents(*stream);
        let mut resources = page.resources();
        resources.fonts().pair(FONT, TYPE0);
        let mut objects = resources.x_objects();
        for (place, image) in images.iter().enumerate() {
            objects.pair(Name(picture_name(place).as_bytes()), *image);
        }
    }
    for (stream, content) in streams.iter().zip(pages) {
        let bytes = packed(&content.finish());
        pdf.stream(*stream, &bytes).filter(Filter::FlateDecode);
    }
    for (image, jpeg) in images.iter().zip(pictures) {
        let mut object = pdf.image_xobject(*image, &jpeg.bytes);
        object.filter(Filter::DctDecode);
        object
            .width(i32::from(jpeg.width))
            .height(i32::from(jpeg.height))
            .bits_per_component(8);
        if jpeg.is_grey {
            object.color_space().device_gray();
        } else {
            object.color_space().device_rgb();
        }
    }
    put_font(&mut pdf, font);
    Ok(pdf.finish())
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec_zlib(bytes, EFFORT)
}

/// The font: letters by their glyphs, with widths, outlines, and what each letter means to whoever copies or searches.
fn put_font(pdf: &mut Pdf, font: &Embedded) {
    let name = format!("{}+{}", subset_tag(&font.letters), font.name);
    let name = Name(name.as_bytes());
    pdf.type0_font(TYPE0)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(CID)
        .to_unicode(UNICODE);
    let mut cid = pdf.cid_font(CID);
    cid.base_font(name)
        .system_info(IDENTITY)
        .font_descriptor(DESCRIPTOR)
        .default_width(EM as f32);
    if font.is_cff {
        cid.subtype(CidFontType::Type0);
    } else {
        cid.subtype(CidFontType::Type2)
            .cid_to_gid_map_predefined(Name(b"Identity"));
    }
    let mut widths = cid.widths();
    for (glyph, (_, width)) in &font.letters {
        widths.same(*glyph, *glyph, *width as f32);
    }
    widths.finish();
    cid.finish();
    let [left, bottom, right, top] = font.bounds.map(|edge| edge as f32);
    let mut descriptor = pdf.font_descriptor(DESCRIPTOR);
    descriptor
        .name(name)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(left, bottom, right, top))
        .italic_angle(0.0)
        .ascent(font.ascent as f32)
        .descent(font.descent as f32)
        .cap_height(font.ascent as f32)
        .stem_v(80.0);
    if font.is_cff {
        descriptor.font_file3(FONT_FILE);
    } else {
        descriptor.font_file2(FONT_FILE);
    }
    descriptor.finish();
    let bytes = packed(&font.bytes);
    let mut file = pdf.stream(FONT_FILE, &bytes);
    file.filter(Filter::FlateDecode);
    if font.is_cff {
        file.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
    }
    file.finish();
    put_meanings(pdf, &font.letters);
}

fn put_meanings(chunk: &mut Chunk, letters: &BTreeMap<u16, (char, i32)>) {
    let mut map = UnicodeCmap::new(Name(b"Meaning"), IDENTITY);
    for (glyph, (letter, _)) in letters {
        map.pair(*glyph, *letter);
    }
    let bytes = packed(&map.finish());
    chunk.cmap(UNICODE, &bytes).filter(Filter::FlateDecode);
}

/// Six letters that differ for other letters used, so that whoever joins files does not take one font for the other.
fn subset_tag(letters: &BTreeMap<u16, (char, i32)>) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for (letter, _) in letters.values() {
        hash = (hash ^ u64::from(u32::from(*letter))).wrapping_mul(0x0100_0000_01b3);
    }
    let letter = |place: u32| char::from(b'A' + u8::try_from((hash >> (place * 8)) % 26).unwrap_or(0));
    (0..6).map(letter).collect()
}
