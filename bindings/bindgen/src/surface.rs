//! The surface as it is compiled, against its committed description in `bindings/surface.txt`.
//!
//! Apps in two languages are written against it, so a change of it must be seen in a diff. `BLESS=1` renews the description.

use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};
use uniffi_bindgen::macro_metadata::extract_from_library;
use uniffi_meta::{DefaultValueMetadata, FieldMetadata, FnParamMetadata, LiteralMetadata, Metadata, Type};

/// Without it the linker would see no use of the library.
use fieldline_bindings as _;

fn library() -> Utf8PathBuf {
    let here = std::env::current_exe().expect("this test's file");
    let name = format!(
        "{}fieldline_bindings{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    let beside = here.with_file_name(name);
    Utf8PathBuf::from_path_buf(beside).expect("a path in UTF-8")
}

fn ty(of: &Type) -> String {
    match of {
        Type::Optional { inner_type } => format!("{}?", ty(inner_type)),
        Type::Sequence { inner_type } => format!("[{}]", ty(inner_type)),
        Type::Record { name, .. }
        | Type::Enum { name, .. }
        | Type::Object { name, .. }
        | Type::CallbackInterface { name, .. } => name.clone(),
        simple => format!("{simple:?}"),
    }
}

fn default(of: Option<&DefaultValueMetadata>) -> String {
    match of {
        None => String::new(),
        Some(DefaultValueMetadata::Default) => " = default".to_owned(),
        Some(DefaultValueMetadata::Literal(literal)) => match literal {
            LiteralMetadata::Boolean(value) => format!(" = {value}"),
            LiteralMetadata::String(value) => format!(" = {value:?}"),
            LiteralMetadata::UInt(value, ..) => format!(" = {value}"),
            LiteralMetadata::Int(value, ..) => format!(" = {value}"),
            LiteralMetadata::None => " = none".to_owned(),
            other => format!(" = {other:?}"),
        },
    }
}

fn inputs(of: &[FnParamMetadata]) -> String {
    let one = |input: &FnParamMetadata| {
        format!(
            "{}: {}{}",
            input.name,
            ty(&input.ty),
            default(input.default.as_ref())
        )
    };
    of.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn output(returns: Option<&Type>, throws: Option<&Type>) -> String {
    let returns = returns.map(|of| format!(" -> {}", ty(of)));
    let throws = throws.map(|of| format!(" throws {}", ty(of)));
    returns.unwrap_or_default() + &throws.unwrap_or_default()
}

fn fields(of: &[FieldMetadata]) -> String {
    let one = |field: &FieldMetadata| {
        format!(
            "{}: {}{}",
            field.name,
            ty(&field.ty),
            default(field.default.as_ref())
        )
    };
    of.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What an app can see of one item; nothing for what is no item.
fn lines(item: &Metadata) -> Vec<String> {
    match item {
        Metadata::Func(f) => vec![format!(
            "fn {}({}){}",
            f.name,
            inputs(&f.inputs),
            output(f.return_type.as_ref(), f.throws.as_ref())
        )],
        Metadata::Object(o) => vec![format!("object {}", o.name)],
        Metadata::CallbackInterface(c) => vec![format!("object {}", c.name)],
        Metadata::Constructor(c) => vec![format!(
            "object {}.{}({}){}",
            c.self_name,
            c.name,
            inputs(&c.inputs),
            output(None, c.throws.as_ref())
        )],
        Metadata::Method(m) => vec![format!(
            "object {}.{}({}){}",
            m.self_name,
            m.name,
            inputs(&m.inputs),
            output(m.return_type.as_ref(), m.throws.as_ref())
        )],
        Metadata::TraitMethod(m) => vec![format!(
            "object {}.{}({}){}",
            m.trait_name,
            m.name,
            inputs(&m.inputs),
            output(m.return_type.as_ref(), m.throws.as_ref())
        )],
        Metadata::Record(r) => vec![format!("record {} {{ {} }}", r.name, fields(&r.fields))],
        Metadata::Enum(e) => e
            .variants
            .iter()
            .enumerate()
            .map(|(n, case)| {
                let holds = if case.fields.is_empty() {
                    String::new()
                } else {
                    format!(" {{ {} }}", fields(&case.fields))
                };
                // Their order is what crosses the border.
                format!("enum {} {:02} {}{holds}", e.name, n + 1, case.name)
            })
            .collect(),
        Metadata::CustomType(c) => vec![format!("type {} = {}", c.name, ty(&c.builtin))],
        Metadata::Namespace(_)
        | Metadata::UdlFile(_)
        | Metadata::UniffiTrait(_)
        | Metadata::ObjectTraitImpl(_) => Vec::new(),
    }
}

fn surface(library: &Utf8Path) -> String {
    let items = extract_from_library(library).expect("the library beside this test describes itself");
    let mut lines: Vec<String> = items.iter().flat_map(lines).collect();
    lines.sort();
    lines.dedup();
    lines.join("\n") + "\n"
}

#[test]
fn the_surface_is_the_committed_one() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../surface.txt");
    let now = surface(&library());
    assert!(now.contains("object Phone.perform("), "{now}");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&committed, &now).expect("it can be written");
    }
    let before = std::fs::read_to_string(&committed).unwrap_or_default();
    let only = |these: &str, those: &str| -> Vec<String> {
        let known: std::collections::BTreeSet<&str> = those.lines().collect();
        these
            .lines()
            .filter(|line| !known.contains(line))
            .map(str::to_owned)
            .collect()
    };
    assert!(
        before == now,
        "the surface changed; BLESS=1 renews bindings/surface.txt, and both apps have to follow\n- {:#?}\n+ {:#?}",
        only(&before, &now),
        only(&now, &before)
    );
}
