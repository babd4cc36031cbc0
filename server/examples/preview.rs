//! Writes every page in both languages to `target/previews/`, with style sheets and scripts beside, to be looked at.

#[path = "../tests/pages/every.rs"]
mod every;
#[path = "../tests/pages/sample.rs"]
mod sample;

use fieldline_server::page::{assets, paths};
use fieldline_server::words::Lang;
use std::{fs, io, path::Path};

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/previews");
    fs::create_dir_all(&folder)?;
    for asset in assets::all() {
        fs::write(folder.join(asset.name), asset.body)?;
    }
    for lang in [Lang::Zh, Lang::En] {
        let pages = every::every_page(lang)
            .into_iter()
            .map(|(name, page)| (name.to_owned(), page));
        let troubles = every::troubles(lang)
            .into_iter()
            .map(|(audience, trouble, page)| (format!("trouble-{audience:?}-{trouble:?}"), page));
        for (name, page) in pages.chain(troubles) {
            let page = page.replace(&format!("{}/", paths::ASSETS), "");
            fs::write(folder.join(format!("{name}.{}.html", lang.code())), page)?;
        }
    }
    Ok(())
}
