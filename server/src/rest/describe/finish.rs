//! What utoipa cannot say of a handler: the codes, who asks, how long texts are, which fields an update may leave out.

use fieldline_model::operation::TEXT_BYTES_MAX;
use fieldline_model::reason::{Lang, Reason};
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::schema::{ArrayItems, Schema};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, OpenApi, Ref, RefOr};
use utoipa::{Modify, openapi};

use super::INTRODUCTION;
use crate::problem::Code;

/// Where schemas stand.
const SCHEMAS: &str = "#/components/schemas/";
/// What a resource's own fields are called, and what an update of them is called.
const BODY: &str = "Body";
const CHANGE: &str = "Change";

pub(super) struct Finish;

impl Modify for Finish {
    fn modify(&self, document: &mut OpenApi) {
        document.info.description = Some(format!("{INTRODUCTION}\n{}\n", codes().join("\n")));
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
        let cookie = ApiKey::Cookie(ApiKeyValue::new("fieldline"));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
        components.schemas.values_mut().for_each(tell_bytes);
        for item in document.paths.paths.values_mut() {
            if let Some(RefOr::T(body)) = item.put.as_mut().and_then(|put| put.request_body.as_mut()) {
                tell_change(body, components);
            }
        }
    }
}

fn codes() -> Vec<String> {
    let codes = Code::ALL.iter().map(|code| (code.word(), code.title(Lang::En)));
    // A few go by one name in both tables, and mean the same in both.
    let reasons = Reason::ALL
        .iter()
        .filter(|reason| Code::ALL.iter().all(|code| code.word() != reason.code()))
        .map(|reason| (reason.code(), reason.words(Lang::En)));
    let line = |(code, words)| format!("- `{code}`: {words}.");
    codes.chain(reasons).map(line).collect()
}

/// Texts are limited in bytes, because a change has to fit into one message; JSON Schema counts characters. So many bytes
/// hold at most as many characters: a smaller number would refuse what the server takes.
fn tell_bytes(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            if object.max_length == Some(TEXT_BYTES_MAX) {
                let bytes = ExtensionsBuilder::new()
                    .add("x-max-bytes", TEXT_BYTES_MAX)
                    .build();
                object.extensions.get_or_insert_default().merge(bytes);
            }
            object.properties.values_mut().for_each(tell_bytes);
        }
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                tell_bytes(items);
            }
        }
        Schema::OneOf(of) => of.items.iter_mut().for_each(tell_bytes),
        Schema::AllOf(of) => of.items.iter_mut().for_each(tell_bytes),
        Schema::AnyOf(of) => of.items.iter_mut().for_each(tell_bytes),
        _ => {}
    }
}

/// An update of a resource takes its fields, and none of them is required. Bodies that are given whole have other names.
fn tell_change(body: &mut openapi::request_body::RequestBody, components: &mut Components) {
    for content in body.content.values_mut() {
        let RefOr::T(content) = content else { continue };
        let Some(RefOr::Ref(at)) = &content.schema else {
            continue;
        };
        let name = at.ref_location.strip_prefix(SCHEMAS).unwrap_or_default();
        let Some(resource) = name.strip_suffix(BODY) else {
            continue;
        };
        let Some(RefOr::T(Schema::Object(whole))) = components.schemas.get(name) else {
            continue;
        };
        let mut change = whole.clone();
        change.required.clear();
        change.description = Some("What changes. A field left out keeps its value.".to_owned());
        let name = format!("{resource}{CHANGE}");
        content.schema = Some(RefOr::Ref(Ref::from_schema_name(&name)));
        components.schemas.insert(name, RefOr::T(Schema::Object(change)));
    }
}
