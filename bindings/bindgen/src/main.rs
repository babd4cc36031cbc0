//! Writes the foreign sides of the bindings from the library's own description: `fieldline-bindgen LIBRARY LANGUAGE DIR`.
//!
//! A program of its own, because what it needs is nobody else's. `scripts/bindings.sh` calls it.

#[cfg(test)]
mod surface;

use anyhow::{Context, bail};
use camino::Utf8PathBuf;
use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what: &str| {
        arguments
            .next()
            .with_context(|| format!("{what} is missing: fieldline-bindgen LIBRARY LANGUAGE DIR"))
    };
    let (library, language, dir) = (next("LIBRARY")?, next("LANGUAGE")?, next("DIR")?);
    let language = match language.as_str() {
        "kotlin" => TargetLanguage::Kotlin,
        "swift" => TargetLanguage::Swift,
        "python" => TargetLanguage::Python,
        other => bail!("{other} is none of kotlin, swift and python"),
    };
    let options = GenerateOptions {
        languages: vec![language],
        source: Utf8PathBuf::from(&library),
        out_dir: Utf8PathBuf::from(dir),
        config_override: None,
        format: false,
        crate_filter: None,
        metadata_no_deps: false,
    };
    generate(options).with_context(|| format!("generate from {library}"))
}
