//! The customer's signature as somebody drew it: from an SVG file, or as path data. There is none to fall back on.

use std::path::Path;

use fieldline_model::operation::SIGNATURE_BYTES_MAX;

use crate::fault::Fault;
use crate::named::{self, TEXT_BYTES_MAX};
use crate::words::fault as w;

/// The path data to keep.
///
/// # Errors
/// `signature_none` when nothing was given, `signature_bad` for what holds no path the record takes.
pub(super) fn read(file: Option<&Path>, path: Option<&str>) -> Result<String, Fault> {
    let (from, text) = match (file, path) {
        (Some(file), _) => {
            let text = named::read(file, TEXT_BYTES_MAX).map_err(|error| Fault::file(file, &error))?;
            // What is no text holds no path either.
            (
                file.display().to_string(),
                String::from_utf8_lossy(&text).into_owned(),
            )
        }
        (None, Some(path)) => ("--path".to_owned(), path.to_owned()),
        (None, None) => return Err(Fault::new("signature_none", w::SIGNATURE_NONE, &[])),
    };
    let strokes = if text.contains('<') {
        paths(&text).join(" ")
    } else {
        text
    };
    let strokes: Vec<&str> = strokes.split_ascii_whitespace().collect();
    let strokes = strokes.join(" ");
    let drawn = |b: u8| b.is_ascii_digit() || b"MLQCZ ,.-".contains(&b);
    if strokes.starts_with('M') && strokes.bytes().all(drawn) && strokes.len() <= SIGNATURE_BYTES_MAX {
        Ok(strokes)
    } else {
        Err(Fault::new("signature_bad", w::SIGNATURE_FILE, &[("path", &from)]))
    }
}

/// What the `d` of every `path` says.
fn paths(svg: &str) -> Vec<&str> {
    let tags = svg
        .split("<path")
        .skip(1)
        .filter_map(|rest| rest.split('>').next());
    tags.filter_map(|tag| {
        let (_, value) = tag.split_once(" d=").or_else(|| tag.split_once("\nd="))?;
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value[1..].split(quote).next()
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_are_read_from_a_drawing_or_as_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.svg");
        let drawing =
            "<svg viewBox='0 0 600 200'><path stroke='#000' d='M1 2\n L3,4'/><path d=\"M5 6 Z\"/></svg>";
        std::fs::write(&file, drawing).unwrap();
        assert_eq!(read(Some(&file), None).unwrap(), "M1 2 L3,4 M5 6 Z");
        assert_eq!(read(None, Some(" M1 2\nL3 4 ")).unwrap(), "M1 2 L3 4");
    }

    #[test]
    fn nothing_is_no_signature() {
        let code = |path: Option<&str>| read(None, path).unwrap_err().code().to_owned();
        assert_eq!(code(None), "signature_none");
        for bad in ["", "anything", "L1 2", "M1 2 l3 4", "<svg></svg>"] {
            assert_eq!(code(Some(bad)), "signature_bad", "{bad}");
        }
        assert_eq!(code(Some(&"M1 2 ".repeat(SIGNATURE_BYTES_MAX))), "signature_bad");
        let missing = read(Some(Path::new("/nowhere/a.svg")), None).unwrap_err();
        assert_eq!(missing.code(), "file_failed");
    }
}
