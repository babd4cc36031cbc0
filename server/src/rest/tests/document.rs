//! The OpenAPI document is the committed one, and says what the router does.

use std::collections::BTreeSet;

use super::Scene;
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
