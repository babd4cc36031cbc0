//! The OpenAPI document is the committed one, and says what the router does.

use std::collections::BTreeSet;

use fieldline_model::reason::Reason;
use serde_json::{Value, json};

use super::Scene;
use crate::problem::Code;
use crate::rest::{describe, openapi_json, rest_routes};

#[test]
fn the_document_is_as_committed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
    let now = openapi_json(&describe());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == now,
        "docs/openapi.json differs; BLESS=1 rewrites it, then read the diff"
    );
}

#[tokio::test]
async fn routes_and_document_name_the_same_operations() {
    let scene = Scene::new().await;
    let routes: BTreeSet<String> = rest_routes(&scene.app)
        .iter()
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    let document = serde_json::to_value(describe()).unwrap();
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            described.insert(format!("{} {path}", method.to_uppercase()));
            let responses = operation["responses"].as_object().unwrap();
            assert!(
                responses.contains_key("401") && responses.contains_key("403"),
                "{method} {path}"
            );
            assert!(
                responses.keys().any(|status| status.starts_with('2')),
                "{method} {path}"
            );
        }
    }
    assert_eq!(routes, described);
}

#[tokio::test]
async fn the_document_is_served_without_a_token() {
    let scene = Scene::new().await;
    let request = axum::http::Request::get("/api/v1/openapi.json")
        .body(axum::body::Body::empty())
        .unwrap();
    let served = scene.send(request).await.ok();
    assert_eq!(served, serde_json::to_value(describe()).unwrap());
    assert_eq!(served["openapi"], "3.1.0");
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    let document = serde_json::to_value(describe()).unwrap();
    let text = document.to_string();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for piece in text.split("#/components/schemas/").skip(1) {
        let name = piece.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
    }
}

#[test]
fn every_code_an_answer_may_carry_is_listed_once() {
    let document = serde_json::to_value(describe()).unwrap();
    let text = document["info"]["description"].as_str().unwrap();
    let listed: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("- `")?.split('`').next())
        .collect();
    let once: BTreeSet<&str> = listed.iter().copied().collect();
    assert_eq!(listed.len(), once.len(), "a code is listed twice");
    let codes = Code::ALL.iter().map(|code| code.word());
    let all: BTreeSet<&str> = codes
        .chain(Reason::ALL.iter().map(|reason| reason.code()))
        .collect();
    assert_eq!(once, all);
}

#[test]
fn names_of_operations_are_unique_and_what_a_path_names_is_described() {
    let document = serde_json::to_value(describe()).unwrap();
    let mut names = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let named: BTreeSet<&str> = path
            .split('/')
            .filter_map(|piece| piece.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        for operation in methods.as_object().unwrap().values() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} stands twice");
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let described: BTreeSet<&str> = parameters
                .filter(|parameter| parameter["in"] == "path")
                .map(|parameter| parameter["name"].as_str().unwrap())
                .collect();
            assert_eq!(named, described, "{name}");
        }
    }
}

#[tokio::test]
async fn the_document_gives_the_length_that_the_server_takes() {
    let scene = Scene::new().await;
    let document = serde_json::to_value(describe()).unwrap();
    let length = |schema: &str, field: &str| {
        let field = &document["components"]["schemas"][schema]["properties"][field];
        usize::try_from(field["maxLength"].as_u64().expect("a length")).unwrap()
    };
    let fault = &document["components"]["schemas"]["NewTicket"]["properties"]["fault_text"];
    assert_eq!(fault["x-max-bytes"], 16_384);
    assert_eq!(length("NewTicket", "fault_text"), 16_384);
    for letter in ["机", "🛠"] {
        let text = letter.repeat(16_384 / letter.len());
        scene.post("/tickets", json!({ "fault_text": text })).await.ok();
        let text = letter.repeat(16_384 / letter.len() + 1);
        let answer = scene.post("/tickets", json!({ "fault_text": text })).await;
        answer.is(422, "text_too_long");
        let name = letter.repeat(length("CustomerBody", "name"));
        scene.post("/customers", json!({ "name": name })).await.ok();
        let name = letter.repeat(length("CustomerBody", "name") + 1);
        scene
            .post("/customers", json!({ "name": name }))
            .await
            .is(422, "invalid");
    }
    let longest = "x".repeat(length("NewTicket", "fault_text"));
    scene
        .post("/tickets", json!({ "fault_text": longest }))
        .await
        .ok();
    let longer = "x".repeat(16_385);
    let answer = scene.post("/tickets", json!({ "fault_text": longer })).await;
    answer.is(422, "text_too_long");
}

/// Clients made from the document refused 12,000 characters of English, which the server takes.
#[test]
fn no_length_in_the_document_is_below_its_bytes() {
    fn look(at: &Value, seen: &mut usize) {
        if let Some(bytes) = at.get("x-max-bytes") {
            assert_eq!(at["maxLength"], *bytes, "{at}");
            *seen += 1;
        }
        match at {
            Value::Object(fields) => fields.values().for_each(|value| look(value, seen)),
            Value::Array(items) => items.iter().for_each(|value| look(value, seen)),
            _ => {}
        }
    }
    let mut seen = 0;
    look(&serde_json::to_value(describe()).unwrap(), &mut seen);
    assert!(seen > 5, "{seen}");
}

#[test]
fn an_update_requires_no_field_and_a_new_one_does() {
    let document = serde_json::to_value(describe()).unwrap();
    let required = |name: &str| document["components"]["schemas"][name]["required"].clone();
    for name in [
        "Asset", "Contact", "Customer", "Engineer", "Location", "Part", "Site",
    ] {
        assert!(required(&format!("{name}Body")).is_array(), "{name}");
        assert!(required(&format!("{name}Change")).is_null(), "{name}");
    }
    let put = &document["paths"]["/parts/{part}"]["put"]["requestBody"]["content"]["application/json"];
    assert_eq!(put["schema"]["$ref"], "#/components/schemas/PartChange");
}
