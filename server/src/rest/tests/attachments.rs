//! Files of articles by REST.

use axum::body::Body;
use axum::http::header;
use fieldline_model::blob::BlobHash;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Answer, Scene};
use crate::auth::Role;

const PDF: &[u8] = b"%PDF-1.4 a drawing";
const TITLES: &str = "title_zh=%E5%9B%BE&title_en=Wiring";

impl Scene {
    async fn article(&self) -> String {
        let body = json!({ "manual": true, "title_zh": "手册", "title_en": "Manual", "sections": [] });
        let made = self.post("/articles", body).await.ok();
        made["article"]["id"].as_str().unwrap().to_owned()
    }

    async fn put_file(&self, role: Role, path: &str, bytes: &[u8]) -> Answer {
        let request = self.request(role, "PUT", path);
        self.send(request.body(Body::from(bytes.to_vec())).unwrap()).await
    }
}

#[tokio::test]
async fn a_file_is_attached_read_and_taken_away() {
    let scene = Scene::new().await;
    let id = scene.article().await;
    let at = format!("/articles/{id}/attachments/{}", BlobHash::of(PDF));
    let put = format!("{at}?{TITLES}&pages=2");
    scene.put_file(Role::Agent, &put, PDF).await.is(403, "forbidden");
    let detail = scene.put_file(Role::Manager, &put, PDF).await.ok();
    let file = &detail["attachments"][0];
    assert_eq!(
        (&file["media"], &file["size"], &file["pages"], &file["here"]),
        (
            &json!("application/pdf"),
            &json!(PDF.len()),
            &json!(2),
            &json!(true)
        )
    );
    let again = scene.put_file(Role::Manager, &put, PDF).await.ok();
    assert_eq!(again["attachments"], detail["attachments"], "twice is once");

    let request = scene
        .request(Role::Agent, "GET", &at)
        .header(header::RANGE, "bytes=5-7")
        .body(Body::empty());
    let response = scene.router.clone().oneshot(request.unwrap()).await.unwrap();
    assert_eq!(response.status(), 206);
    let told = |name| response.headers()[name].to_str().unwrap();
    assert_eq!(told(header::CONTENT_TYPE), "application/pdf");
    assert!(told(header::CONTENT_DISPOSITION).starts_with("attachment; "));
    assert_eq!(
        response.into_body().collect().await.unwrap().to_bytes(),
        &PDF[5..8]
    );

    let gone = scene.post(&format!("{at}/remove"), Value::Null).await;
    assert_eq!(gone.status, 422, "an object or nothing");
    let gone = scene.post(&format!("{at}/remove"), json!({})).await.ok();
    assert_eq!(gone["attachments"], json!([]));
    scene.get(&at).await.is(404, "not_found");
    scene
        .post(&format!("{at}/remove"), json!({}))
        .await
        .is(404, "not_found");
}

#[tokio::test]
async fn what_is_no_file_of_that_name_is_not_attached() {
    let scene = Scene::new().await;
    let id = scene.article().await;
    let at = |bytes: &[u8]| format!("/articles/{id}/attachments/{}", BlobHash::of(bytes));
    let put = |path: String, bytes: &'static [u8]| {
        let scene = &scene;
        async move { scene.put_file(Role::Admin, &path, bytes).await }
    };
    put(format!("{}?{TITLES}", at(b"other")), PDF)
        .await
        .is(422, "blob_hash");
    let html: &[u8] = b"<html>";
    put(format!("{}?{TITLES}", at(html)), html)
        .await
        .is(415, "media_type");
    put(format!("{}?title_zh=%20&title_en=x", at(PDF)), PDF)
        .await
        .is(422, "text_missing");
    put(format!("{}?{TITLES}&pages=0", at(PDF)), PDF)
        .await
        .is(422, "out_of_range");
    put(format!("/articles/{id}/attachments/up?{TITLES}"), PDF)
        .await
        .is(404, "not_found");
    let nowhere = "/articles/01JGEQ4200B5NT6X3DHWE925NQ/attachments";
    put(format!("{nowhere}/{}?{TITLES}", BlobHash::of(PDF)), PDF)
        .await
        .is(404, "not_found");
    let read = scene.get(&format!("/articles/{id}")).await.ok();
    assert_eq!(read["attachments"], json!([]));
}
