//! Each resource's happy road.

use fieldline_model::row::{Row, Stock};
use serde_json::{Value, json};

use super::Scene;
use crate::auth::Role;

#[tokio::test]
async fn a_ticket_lives_from_report_to_closing() {
    let scene = Scene::new().await;
    let (chen, sun) = (scene.engineer().await, scene.engineer().await);
    let ticket = scene.ticket().await;
    let at = |act: &str| format!("/tickets/{ticket}/{act}");
    scene.post(&at("triage"), json!({})).await.ok();
    let plan = json!({ "start": "2026-11-20T08:00:00.000Z", "end": "2026-11-20T10:00:00.000Z" });
    let offered = scene
        .post(&at("offer"), json!({ "to": [chen], "plan": plan }))
        .await
        .ok();
    assert_eq!(offered["fate"], "merged");
    let beside = scene.post(&at("offer"), json!({ "to": [sun, chen] })).await;
    beside.is(409, "conflict");
    let moved = json!({ "start": "2026-11-21T08:00:00.000Z", "end": "2026-11-21T10:00:00.000Z" });
    scene
        .post(
            &at("reschedule"),
            json!({ "visit": offered["visit"], "plan": moved }),
        )
        .await
        .ok();
    let second = scene
        .post(&at("reassign"), json!({ "visit": offered["visit"], "to": [sun] }))
        .await
        .ok();
    scene
        .post(&at("offer"), json!({ "to": [sun] }))
        .await
        .is(409, "conflict");
    scene
        .post(&at("notes"), json!({ "text": "ask at the gate" }))
        .await
        .ok();
    let detail = scene.get(&format!("/tickets/{ticket}")).await.ok();
    assert_eq!(detail["ticket"]["status"], "planned");
    assert_eq!(detail["ticket"]["engineer"], json!(sun));
    assert_eq!(detail["visits"].as_array().unwrap().len(), 2);
    let acts: Vec<&str> = detail["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["act"].as_str().unwrap())
        .collect();
    assert_eq!(
        acts,
        ["create", "triage", "offer", "reschedule", "reassign", "note"]
    );
    assert_eq!(detail["events"][5]["arguments"]["text"], "ask at the gate");
    let visit = scene
        .get(&format!("/visits/{}", second["visit"].as_str().unwrap()))
        .await
        .ok();
    assert_eq!(visit["plan"]["start"], "2026-11-21T08:00:00.000Z");
    let fate = scene
        .get(&format!("/fates/{}", second["operation"].as_str().unwrap()))
        .await
        .ok();
    assert_eq!(
        (fate["fate"].as_str(), fate["device"].is_null()),
        (Some("merged"), true)
    );
    assert_eq!(fate["number"], detail["ticket"]["number"]);
    scene
        .post(&at("resolve"), json!({ "text": "by phone" }))
        .await
        .ok();
    scene.post(&at("close"), json!({})).await.ok();
    scene
        .post(&at("reopen"), json!({ "text": "stripes again" }))
        .await
        .ok();
    scene
        .post(&at("cancel"), json!({ "text": "bought a new one" }))
        .await
        .ok();
    let ended = scene.get(&format!("/tickets/{ticket}")).await.ok();
    assert_eq!(
        (
            ended["ticket"]["status"].as_str(),
            ended["ticket"]["label"].as_str()
        ),
        (Some("cancelled"), Some("done"))
    );
}

#[tokio::test]
async fn tickets_are_filtered_and_corrected() {
    let scene = Scene::new().await;
    let customer = scene
        .post("/customers", json!({ "name": "明澄律师事务所", "vip": "gold" }))
        .await
        .id();
    let one = scene
        .post(
            "/tickets",
            json!({ "fault_text": "卡纸", "customer": customer, "priority": "high" }),
        )
        .await
        .id();
    scene.pass(60_000);
    let two = scene.ticket().await;
    let ids = async |query: &str| {
        let page = scene.get(&format!("/tickets?{query}")).await.ok();
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|t| t["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("").await, [two.clone(), one.clone()]);
    assert_eq!(ids(&format!("customer={customer}")).await, [one.as_str()]);
    assert_eq!(ids("q=%E6%98%8E%E6%BE%84").await, [one.as_str()]);
    assert_eq!(ids("q=stripes&status=new").await, [two.as_str()]);
    assert_eq!(ids("q=%25").await, Vec::<String>::new());
    assert_eq!(ids("status=closed").await, Vec::<String>::new());
    assert_eq!(
        ids("updated_since=2026-09-21T14:14:00.000Z").await,
        [two.as_str()]
    );
    scene
        .call(
            Role::Agent,
            "PATCH",
            &format!("/tickets/{two}"),
            json!({ "customer": customer, "priority": "low" }),
        )
        .await
        .ok();
    let ticket = scene.get(&format!("/tickets/{two}")).await.ok();
    assert_eq!(
        (&ticket["ticket"]["customer"], &ticket["ticket"]["priority"]),
        (&json!(customer), &json!("low"))
    );
}

/// Whose machine, place and contact a ticket names was not looked at.
#[tokio::test]
async fn what_a_ticket_names_is_one_customers() {
    let scene = Scene::new().await;
    let mut all = Vec::new();
    for (nth, name) in ["明澄律师事务所", "晨曦幼儿园"].into_iter().enumerate() {
        let customer = scene.post("/customers", json!({ "name": name })).await.id();
        let site = json!({ "customer": customer, "city": "a", "district": "b", "address": "c" });
        let site = scene.post("/sites", site).await.id();
        let asset = json!({ "site": site, "category": "printer", "model": "x", "serial": format!("S{nth}") });
        let asset = scene.post("/assets", asset).await.id();
        let contact = json!({ "customer": customer, "name": "x", "phone": format!("1370000447{nth}") });
        let contact = scene.post("/contacts", contact).await.id();
        all.push([
            ("customer", customer),
            ("contact", contact),
            ("site", site),
            ("asset", asset),
        ]);
    }
    let body = |named: &[&(&str, String)]| {
        let mut body = json!({ "fault_text": "卡纸" });
        for (field, id) in named {
            body[field] = json!(id);
        }
        body
    };
    let (one, two) = (&all[0], &all[1]);
    for other in &two[1..] {
        let wrong = scene.post("/tickets", body(&[&one[0], other])).await;
        wrong.is(422, "other_customer");
        assert_eq!(
            wrong.json["detail"],
            json!(format!("{}: belongs to another customer", other.0))
        );
    }
    scene
        .post("/tickets", body(&[&one[2], &two[3]]))
        .await
        .is(422, "other_customer");
    let own: Vec<&(&str, String)> = one.iter().collect();
    let ticket = scene.post("/tickets", body(&own)).await.id();
    let path = format!("/tickets/{ticket}");
    let asset = json!({ "asset": two[3].1 });
    let edit = |body: Value| scene.call(Role::Agent, "PATCH", &path, body);
    edit(asset).await.is(422, "other_customer");
    edit(json!({ "customer": two[0].1, "asset": two[3].1 }))
        .await
        .ok();
}

#[tokio::test]
async fn reference_rows_are_created_read_listed_and_replaced() {
    let scene = Scene::new().await;
    let customer = scene
        .post("/customers", json!({ "name": "晨曦幼儿园" }))
        .await
        .id();
    let site =
        json!({ "customer": customer, "city": "杭州市", "district": "西湖区", "address": "文三路256号" });
    let site = scene.post("/sites", site).await.id();
    let van = scene
        .post(
            "/locations",
            json!({ "van": true, "name_zh": "一号车", "name_en": "Van 1" }),
        )
        .await
        .id();
    let plan = json!({ "code": "SLA-4H", "name_zh": "四小时响应", "name_en": "Four-hour response",
        "response_min": 240, "onsite_min": 480, "hours": "1-7 08:00-20:00" });
    scene.post("/sla-plans", plan).await.ok();
    let rows = [
        (
            "customers",
            json!({ "name": "x", "name_en": "X", "vip": "platinum", "sla_plan": "SLA-4H" }),
        ),
        (
            "contacts",
            json!({ "customer": customer, "name": "高丽萍", "phone": "13700004471" }),
        ),
        (
            "sites",
            json!({ "customer": customer, "city": "a", "district": "b", "address": "c", "position": { "lat": 30.2, "lon": 120.1 } }),
        ),
        (
            "assets",
            json!({ "site": site, "category": "printer", "model": "ML-P3200", "serial": "S1", "warranty_end": "2027-02-28" }),
        ),
        (
            "parts",
            json!({ "number": "P001", "name_zh": "搓纸轮", "name_en": "Roller", "models": ["ML-P3200"] }),
        ),
        (
            "locations",
            json!({ "van": false, "name_zh": "主仓", "name_en": "Main" }),
        ),
        (
            "engineers",
            json!({ "name": "孙晓峰", "skills": ["aircon"], "van": van }),
        ),
    ];
    for (plural, body) in rows {
        let made = scene.post(&format!("/{plural}"), body.clone()).await;
        assert_eq!(made.status.as_u16(), 201, "{plural}: {made:?}");
        let made = made.ok();
        for (field, value) in body.as_object().unwrap() {
            assert_eq!(&made[field], value, "{plural}.{field}");
        }
        let at = format!("/{plural}/{}", made["id"].as_str().unwrap());
        let read = scene.get(&at).await.ok();
        for (field, value) in body.as_object().unwrap() {
            assert_eq!(&read[field], value, "{plural}.{field}");
        }
        let listed = scene.get(&format!("/{plural}?limit=200")).await.ok();
        assert!(listed["items"].as_array().unwrap().contains(&read), "{plural}");
        scene.call(Role::Admin, "PUT", &at, body).await.ok();
    }
    let of_customer = scene
        .get(&format!("/assets?customer={customer}&serial=S1"))
        .await
        .ok();
    assert_eq!(of_customer["items"].as_array().unwrap().len(), 1);
    let found = scene.get("/parts?q=oller").await.ok();
    assert_eq!(found["items"][0]["number"], "P001");
}

#[tokio::test]
async fn a_keeper_counts_stock() {
    let scene = Scene::new().await;
    let main = scene
        .post(
            "/locations",
            json!({ "van": false, "name_zh": "主仓", "name_en": "Main" }),
        )
        .await
        .id();
    let part = scene
        .post(
            "/parts",
            json!({ "number": "P1", "name_zh": "辊", "name_en": "Roller" }),
        )
        .await
        .id();
    let at = format!("/stock/{main}/{part}");
    for quantity in [7, 7, 4] {
        let set = scene
            .call(Role::Keeper, "PUT", &at, json!({ "quantity": quantity }))
            .await
            .ok();
        assert_eq!(set["quantity"], quantity);
    }
    let listed = scene.get(&format!("/stock?location={main}")).await.ok();
    assert_eq!(
        listed["items"],
        json!([{ "location": main, "part": part, "quantity": 4, "held": 0, "in_doubt": 0, "missing": 0 }])
    );
}

/// A keeper without a network enters later when he looked: what moved since counts on top, and an older look changes nothing.
#[tokio::test]
async fn a_count_says_when_somebody_looked() {
    let scene = Scene::new().await;
    let place = json!({ "van": false, "name_zh": "主仓", "name_en": "Main" });
    let main = scene.post("/locations", place).await.id();
    let part = json!({ "number": "P1", "name_zh": "辊", "name_en": "Roller" });
    let part = scene.post("/parts", part).await.id();
    let path = format!("/stock/{main}/{part}");
    let now = scene.app.now();
    let ago = |ms: i64| now.plus_ms(-ms).to_utc().to_rfc3339();
    let count = async |quantity: u32, at: String| {
        let body = json!({ "quantity": quantity, "at": at });
        scene.call(Role::Keeper, "PUT", &path, body).await
    };
    const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
    for wrong in [ago(-DAY_MS), ago(31 * DAY_MS), "yesterday".into()] {
        count(1, wrong).await.is(422, "invalid");
    }
    let delivered = Row::Stock(stock(&main, &part, 10));
    scene.app.put_row(delivered).await.unwrap();
    assert_eq!(
        count(4, ago(2 * DAY_MS)).await.ok()["quantity"],
        14,
        "ten came since"
    );
    count(1, ago(3 * DAY_MS)).await.is(409, "conflict");
    assert_eq!(count(5, ago(DAY_MS)).await.ok()["quantity"], 15);
    assert_eq!(
        scene
            .call(Role::Keeper, "PUT", &path, json!({ "quantity": 3 }))
            .await
            .ok()["quantity"],
        3,
        "who looks now has seen all"
    );
    let moved = scene.get("/stock/movements").await.ok();
    let moved = moved["items"].as_array().unwrap();
    assert_eq!(
        moved
            .iter()
            .map(|line| line["quantity"].as_i64().unwrap())
            .sum::<i64>(),
        3
    );
    assert!(
        moved
            .iter()
            .all(|line| line["kind"] == "count" && line["seen_by"].is_null())
    );
}

/// HQ reserves for a ticket, and what waits can be declined with a reason, once.
#[tokio::test]
async fn what_waits_for_parts_is_listed_and_declined() {
    let scene = Scene::new().await;
    let place = json!({ "van": false, "name_zh": "主仓", "name_en": "Main" });
    let main = scene.post("/locations", place).await.id();
    let part = json!({ "number": "P1", "name_zh": "辊", "name_en": "Roller" });
    let part = scene.post("/parts", part).await.id();
    let (ticket, engineer) = (scene.ticket().await, scene.engineer().await);
    let body = |quantity: u32| json!({ "ticket": ticket, "engineer": engineer, "location": main, "part": part, "quantity": quantity });
    let reserve = async |quantity: u32| {
        scene
            .call(Role::Keeper, "POST", "/stock/reservations", body(quantity))
            .await
    };
    reserve(2).await.is(422, "invalid");
    let plan = json!({ "start": "2026-11-20T08:00:00.000Z", "end": "2026-11-20T10:00:00.000Z" });
    let offer = json!({ "to": [engineer], "plan": plan });
    scene
        .post(&format!("/tickets/{ticket}/triage"), json!({}))
        .await
        .ok();
    scene.post(&format!("/tickets/{ticket}/offer"), offer).await.ok();
    reserve(0).await.is(422, "invalid");
    reserve(10_001).await.is(422, "invalid");
    let made = reserve(2).await.ok();
    let listed = scene.get("/stock/requests").await.ok();
    assert_eq!(listed["items"][0]["operation"], made["operation"]);
    assert_eq!(
        (&listed["items"][0]["quantity"], &listed["items"][0]["ticket"]),
        (&json!(2), &json!(ticket))
    );
    let path = format!("/stock/requests/{}/decline", made["operation"].as_str().unwrap());
    let decline = async |reason: &str| {
        scene
            .call(Role::Keeper, "POST", &path, json!({ "reason": reason }))
            .await
    };
    decline("  ").await.is(422, "invalid");
    decline(&"长".repeat(501)).await.is(422, "invalid");
    assert_eq!(decline("停产了").await.ok()["fate"], "merged");
    decline("停产了").await.is(409, "conflict");
    assert_eq!(scene.get("/stock/requests").await.ok()["items"], json!([]));
    let told = scene.get(&format!("/tickets/{ticket}")).await.ok().to_string();
    assert!(told.contains("P1 × 2") && told.contains("停产了"), "{told}");
}

fn stock(location: &str, part: &str, quantity: i64) -> Stock {
    Stock {
        location: location.parse().unwrap(),
        part: part.parse().unwrap(),
        quantity,
    }
}

#[tokio::test]
async fn articles_are_published_found_and_written_beside() {
    let scene = Scene::new().await;
    let section = |order: u32, text: &str| json!({ "order": order, "heading_zh": "步骤", "heading_en": "Steps", "body_zh": text, "body_en": "Clean it." });
    let body = |text: &str| json!({ "title_zh": "卡纸", "title_en": "Paper jam", "category": "printer", "sections": [section(2, text), section(1, "先断电")] });
    let made = scene.post("/articles", body("清洁搓纸轮")).await.ok();
    let id = made["article"]["id"].as_str().unwrap();
    assert_eq!(made["sections"][0]["order"], 1);
    for (q, found) in [
        ("%E6%90%93%E7%BA%B8", 1),
        ("jam", 1),
        ("nothing", 0),
        ("%22%2A", 0),
    ] {
        let page = scene.get(&format!("/articles?q={q}")).await.ok();
        assert_eq!(page["items"].as_array().unwrap().len(), found, "{q}");
    }
    let again = scene
        .call(
            Role::Manager,
            "PUT",
            &format!("/articles/{id}"),
            body("更换搓纸轮"),
        )
        .await
        .ok();
    assert_eq!(again["sections"][1]["body_zh"], "更换搓纸轮");
    scene
        .call(
            Role::Agent,
            "POST",
            &format!("/articles/{id}/annotations"),
            json!({ "text": "也看托盘" }),
        )
        .await
        .ok();
    let read = scene.get(&format!("/articles/{id}")).await.ok();
    assert_eq!(
        (&read["annotations"][0]["text"], &read["article"]["annotations"]),
        (&json!("也看托盘"), &json!(1))
    );
}

#[tokio::test]
async fn codes_are_made_and_links_end() {
    let scene = Scene::new().await;
    let engineer = scene.engineer().await;
    let code = scene
        .post(&format!("/engineers/{engineer}/enrol-codes"), json!({}))
        .await
        .ok();
    assert!(code["code"].as_str().unwrap().len() >= 10);
    let none = scene.get(&format!("/engineers/{engineer}/devices")).await.ok();
    assert_eq!(none, json!({ "items": [], "next": null }));
    assert_eq!(scene.get("/refused").await.ok(), none);
    let ticket = scene.ticket().await;
    let link = scene
        .post(&format!("/tickets/{ticket}/tracking-links"), json!({}))
        .await
        .ok();
    let token = link["path"].as_str().unwrap().rsplit('/').next().unwrap();
    assert_eq!(
        scene.app.tracked(token).await.unwrap().map(|id| id.to_string()),
        Some(ticket.clone())
    );
    assert_eq!(scene.app.tracked("x").await.unwrap(), None);
    let gone = scene
        .post(&format!("/tickets/{ticket}/tracking-links/revoke"), json!({}))
        .await
        .ok();
    assert_eq!(gone["revoked"], 1);
    assert_eq!(scene.app.tracked(token).await.unwrap(), None);
}
