//! A customer's personal data is erased through REST, and does not come back through it.

use serde_json::json;

use super::Scene;
use crate::auth::Role;

#[tokio::test]
async fn an_erased_customer_says_nothing_and_is_not_written_again() {
    let scene = Scene::new().await;
    let body = json!({ "name": "周婉如", "contract": "HT-1" });
    let customer = scene.post("/customers", body.clone()).await.id();
    let at = format!("/customers/{customer}");
    let contact = json!({ "customer": customer, "name": "周婉如", "phone": "13700004471" });
    let contact_at = format!(
        "/contacts/{}",
        scene.post("/contacts", contact.clone()).await.id()
    );
    let site = json!({ "customer": customer, "city": "杭州市", "district": "西湖区", "address": "文三路256号",
        "position": { "lat": 30.2, "lon": 120.1 } });
    let site_at = format!("/sites/{}", scene.post("/sites", site.clone()).await.id());

    let erase = format!("{at}/erase");
    let manager = scene.call(Role::Manager, "POST", &erase, json!({})).await;
    manager.is(403, "forbidden");
    let erased = scene.post(&erase, json!({})).await.ok();
    assert_eq!(
        erased,
        json!({ "now": true, "contacts": 1, "sites": 1, "links": 0 })
    );
    let erased = scene.post(&erase, json!({})).await.ok();
    assert_eq!(
        erased,
        json!({ "now": false, "contacts": 0, "sites": 0, "links": 0 })
    );

    let read = scene.get(&at).await.ok();
    assert_eq!(
        (&read["name_en"], &read["contract"]),
        (&json!("(erased customer)"), &json!(null))
    );
    scene.get(&contact_at).await.is(404, "not_found");
    let read = scene.get(&site_at).await.ok();
    assert_eq!(
        [&read["city"], &read["address"], &read["position"]],
        [&json!("杭州市"), &json!(""), &json!(null)]
    );
    scene
        .call(Role::Admin, "PUT", &at, body)
        .await
        .is(409, "customer_erased");
    scene.post("/contacts", contact).await.is(409, "customer_erased");
    scene
        .call(Role::Admin, "PUT", &site_at, site)
        .await
        .is(409, "customer_erased");
    let nobody = "/customers/01ARZ3NDEKTSV4RRFFQ69G5FAV/erase";
    scene.post(nobody, json!({})).await.is(404, "not_found");
}
