//! Style sheets and scripts, embedded in the binary; the colour block is put in front of each style sheet.
//!
//! An address carries a mark of the content (`?v=`), so a handler may let browsers keep a file for ever.

use super::tokens;
use std::sync::LazyLock;

/// One embedded file.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// Name under [`super::paths::ASSETS`].
    pub name: &'static str,
    /// Media type for Content-Type.
    pub media_type: &'static str,
    /// The whole content.
    pub body: &'static str,
}

static HQ_CSS: LazyLock<String> = LazyLock::new(|| tokens::root_block() + include_str!("../../web/hq.css"));
static TRACK_CSS: LazyLock<String> =
    LazyLock::new(|| tokens::root_block() + include_str!("../../web/track.css"));

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

/// All files, for the handler that serves them.
pub fn all() -> [Asset; 4] {
    [
        Asset {
            name: "hq.css",
            media_type: CSS,
            body: HQ_CSS.as_str(),
        },
        Asset {
            name: "hq.js",
            media_type: JS,
            body: include_str!("../../web/hq.js"),
        },
        Asset {
            name: "track.css",
            media_type: CSS,
            body: TRACK_CSS.as_str(),
        },
        Asset {
            name: "track.js",
            media_type: JS,
            body: include_str!("../../web/track.js"),
        },
    ]
}

/// The file of that name.
pub fn find(name: &str) -> Option<Asset> {
    all().into_iter().find(|asset| asset.name == name)
}

/// The address a page links, with the mark of the content.
pub fn href(name: &str) -> String {
    let mark = find(name).map_or(0, |asset| mark_of(asset.body));
    format!("{}/{name}?v={mark:08x}", super::paths::ASSETS)
}

/// FNV-1a, 32 bits: enough to tell versions apart, and the same on every machine.
fn mark_of(body: &str) -> u32 {
    body.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_changes_with_the_content_only() {
        assert_eq!(href("hq.css"), href("hq.css"));
        assert_ne!(mark_of("a"), mark_of("b"));
        assert!(find("other.css").is_none());
    }

    #[test]
    fn a_style_sheet_begins_with_the_tokens() {
        let css = find("track.css").expect("there").body;
        assert!(css.starts_with(":root{") && css.contains("--ink:#14212b") && css.contains("--ink:#e8eef2"));
    }
}
