//! Photos in bad hands: what a phone sends that it should not, what it asks for that is not its own, and what a browser is
//! given of a photo. Each over a real socket against the whole server.

use fieldline_model::blob::{BLOB_BYTES_MAX, BLOB_DAY_BYTES_MAX, BlobHash};
use fieldline_model::id::{DocumentId, TicketId};
use fieldline_server::auth::{NewStaff, Role};
use fieldline_tests::photos::{DAY_MS, Stage, photo};
use reqwest::{Method, Response};
use serde_json::Value;

/// A company with two phones, each with a ticket of its own, and somebody who speaks HTTP by hand.
struct Scene {
    stage: Stage,
    own: TicketId,
    others: TicketId,
    http: reqwest::Client,
}

/// One request by hand.
struct Ask<'a> {
    scene: &'a Scene,
    method: Method,
    path: String,
    phone: usize,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Ask<'_> {
    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    fn body(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self
    }

    fn send(self) -> Response {
        let Ask { scene, phone, .. } = self;
        let token = scene.stage.phones[phone].token().expect("a token");
        let url = format!("http://{}{}", scene.stage.address(), self.path);
        let mut request = scene
            .http
            .request(self.method, url)
            .bearer_auth(token)
            .body(self.body);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        scene.stage.runtime.block_on(request.send()).expect("an answer")
    }

    /// Status, and the code of the problem if it is one.
    fn told(self) -> (u16, String) {
        let runtime = &self.scene.stage.runtime;
        let response = self.send();
        let status = response.status().as_u16();
        let body = runtime.block_on(response.bytes()).expect("a body");
        let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
        (status, problem["code"].as_str().unwrap_or("none").to_owned())
    }
}

impl Scene {
    fn new() -> Self {
        // The client wants one even where nothing is encrypted; another test may have installed it before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let stage = Stage::new(2);
        let (own, others) = (stage.ticket(&[0]), stage.ticket(&[1]));
        for n in 0..2 {
            stage.sync(n).expect("synced");
        }
        Self {
            stage,
            own,
            others,
            http: reqwest::Client::new(),
        }
    }

    fn at(&self, method: Method, ticket: TicketId, hash: BlobHash) -> Ask<'_> {
        self.path(
            method,
            format!("/sync/v1/blob/{}/{hash}", DocumentId::from(ticket)),
        )
    }

    fn path(&self, method: Method, path: String) -> Ask<'_> {
        Ask {
            scene: self,
            method,
            path,
            phone: 0,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    fn patch(&self, hash: BlobHash, offset: impl ToString, length: impl ToString, body: &[u8]) -> Ask<'_> {
        self.at(Method::PATCH, self.own, hash)
            .with("content-type", "application/offset+octet-stream")
            .with("upload-offset", offset)
            .with("upload-length", length)
            .body(body)
    }

    fn offset(&self, hash: BlobHash) -> u64 {
        let response = self.at(Method::HEAD, self.own, hash).send();
        let offset = response.headers().get("upload-offset").expect("an offset");
        offset.to_str().expect("text").parse().expect("a number")
    }
}

fn bytes() -> (Vec<u8>, BlobHash) {
    let bytes = photo(1, 100_000, "").bytes;
    let hash = BlobHash::of(&bytes);
    (bytes, hash)
}

#[test]
fn bytes_of_another_name_or_kind_are_refused_and_leave_nothing() {
    let scene = Scene::new();
    let (good, hash) = bytes();
    let mut other = good.clone();
    other[50_000] ^= 1;
    assert_eq!(
        scene.patch(hash, 0, other.len(), &other).told(),
        (422, "blob_hash".into())
    );
    assert_eq!(scene.offset(hash), 0, "it begins anew");
    let page = b"<html><script>alert(1)</script></html>";
    let told = scene.patch(BlobHash::of(page), 0, page.len(), page).told();
    assert_eq!(told, (415, "media_type".into()));
    assert_eq!(
        Stage::files(&scene.stage.data().join("blobs")),
        Vec::<std::path::PathBuf>::new()
    );
    assert_eq!(scene.stage.count("SELECT count(*) FROM blob"), 0);
    assert_eq!(
        scene.patch(hash, 0, good.len(), &good).told(),
        (204, "none".into())
    );
    assert_eq!(scene.stage.count("SELECT count(*) FROM blob"), 1);
}

#[test]
fn more_than_was_said_and_more_than_any_may_have_are_refused() {
    let scene = Scene::new();
    let (good, hash) = bytes();
    let told = scene.patch(hash, 0, good.len() - 1, &good).told();
    assert_eq!(told, (413, "blob_too_large".into()));
    assert_eq!(scene.offset(hash), 0);
    for length in [BLOB_BYTES_MAX + 1, 0, u64::MAX] {
        let told = scene.patch(hash, 0, length, &good).told();
        assert_eq!(told, (413, "blob_too_large".into()), "{length}");
    }
    // A document that says how long it is: no phone says otherwise.
    let new = photo(2, 50_000, "");
    let name = BlobHash::of(&new.bytes);
    scene.stage.take(0, scene.own, new).expect("saved");
    scene.stage.sync_metered(0).expect("synced");
    let told = scene.patch(name, 0, 50_001, &good[..10]).told();
    assert_eq!(told, (413, "blob_too_large".into()));
}

#[test]
fn an_offset_that_is_negative_overlaps_or_skips_is_refused_and_changes_nothing() {
    let scene = Scene::new();
    let (good, hash) = bytes();
    assert_eq!(scene.patch(hash, 0, good.len(), &good[..40_000]).told().0, 204);
    for offset in [0_u64, 39_999, 40_001, u64::MAX] {
        let told = scene.patch(hash, offset, good.len(), &good[..1_000]).told();
        assert_eq!(told, (409, "blob_offset".into()), "{offset}");
    }
    for offset in ["-1", "1e3", "", " 40000x", "18446744073709551616"] {
        let told = scene.patch(hash, offset, good.len(), &good[..1_000]).told();
        assert_eq!(told, (400, "bad_request".into()), "{offset}");
    }
    assert_eq!(scene.offset(hash), 40_000);
    let form = scene.patch(hash, 40_000, good.len(), b"").with("x", "y");
    assert_eq!(form.told().0, 204, "nothing is a piece too");
    let no_piece = scene
        .at(Method::PATCH, scene.own, hash)
        .with("content-type", "text/plain")
        .with("upload-offset", 40_000)
        .with("upload-length", good.len());
    assert_eq!(no_piece.told(), (415, "media_type".into()));
    assert_eq!(
        scene.patch(hash, 40_000, good.len(), &good[40_000..]).told().0,
        204
    );
    let whole = scene.at(Method::HEAD, scene.own, hash).send();
    assert_eq!(whole.headers()["upload-length"], "100000");
    // Sent again when it is whole: nothing is taken and nothing fails.
    assert_eq!(scene.patch(hash, 0, good.len(), &good).told().0, 204);
}

#[test]
fn a_phone_goes_on_with_no_part_but_its_own() {
    let scene = Scene::new();
    let both = scene.stage.ticket(&[0, 1]);
    let (good, hash) = bytes();
    let piece = |phone: usize, offset: usize, piece: &[u8]| {
        let mut ask = scene.patch(hash, offset, good.len(), piece);
        ask.path = format!("/sync/v1/blob/{}/{hash}", DocumentId::from(both));
        ask.phone = phone;
        ask.told()
    };
    assert_eq!(piece(0, 0, &good[..40_000]).0, 204);
    assert_eq!(piece(1, 40_000, &good[40_000..]), (409, "blob_offset".into()));
    assert_eq!(piece(1, 0, &good[..10_000]).0, 204);
    assert_eq!(piece(0, 40_000, &good[40_000..]).0, 204);
    assert_eq!(scene.stage.count("SELECT count(*) FROM blob_proof"), 1);
}

#[test]
fn what_is_not_the_phones_own_looks_like_nothing() {
    let scene = Scene::new();
    let secret = photo(3, 60_000, "secret");
    let hash = BlobHash::of(&secret.bytes);
    scene.stage.take(1, scene.others, secret.clone()).expect("saved");
    scene.stage.sync(1).expect("synced");
    let nobodys = TicketId::from_bytes([9; 16]);
    for ticket in [scene.others, nobodys] {
        for method in [Method::GET, Method::HEAD] {
            assert_eq!(scene.at(method, ticket, hash).send().status().as_u16(), 404);
        }
        let mut patch = scene.patch(hash, 0, secret.bytes.len(), &secret.bytes);
        patch.path = format!("/sync/v1/blob/{}/{hash}", DocumentId::from(ticket));
        assert_eq!(patch.told(), (404, "not_found".into()));
        let mut lost = scene.at(Method::POST, ticket, hash);
        lost.path.push_str("/lost");
        assert_eq!(lost.told(), (404, "not_found".into()));
    }
    // By his own ticket, which does not refer to it, the same.
    assert_eq!(
        scene.at(Method::GET, scene.own, hash).told(),
        (404, "not_found".into())
    );
    let mut stranger = scene.at(Method::GET, scene.others, hash);
    stranger.headers.clear();
    let url = format!("http://{}{}", scene.stage.address(), stranger.path);
    let bare = scene
        .stage
        .runtime
        .block_on(scene.http.get(url).send())
        .expect("an answer");
    assert_eq!(bare.status().as_u16(), 401);
    // The owner reads it, whole and in parts.
    let mut ask = scene
        .at(Method::GET, scene.others, hash)
        .with("range", "bytes=59999-");
    ask.phone = 1;
    let part = ask.send();
    assert_eq!(part.status().as_u16(), 206);
    assert_eq!(part.headers()["content-range"], "bytes 59999-59999/60000");
    assert_eq!(part.headers()["content-type"], "image/jpeg");
}

#[test]
fn a_path_made_of_tricks_leads_nowhere() {
    let scene = Scene::new();
    let document = DocumentId::from(scene.own);
    let name = "a".repeat(64);
    for trick in [
        "..%2f..%2ffieldline.db".to_owned(),
        "%2e%2e".to_owned(),
        name.to_uppercase(),
        format!("{name}0"),
        format!("{}%00", &name[..63]),
        format!("..%2f{}", &name[5..]),
        format!("{}%2f..", &name[..61]),
    ] {
        let path = format!("/sync/v1/blob/{document}/{trick}");
        for method in [Method::GET, Method::HEAD, Method::PATCH] {
            let ask = scene
                .path(method, path.clone())
                .with("content-type", "application/offset+octet-stream")
                .with("upload-offset", 0)
                .with("upload-length", 5);
            assert_eq!(ask.send().status().as_u16(), 404, "{trick}");
        }
    }
    for document in ["ticket:..", "..%2f..", "ticket:", "x:01JGEQ4200B5NT6X3DHWE925NQ"] {
        let ask = scene.path(Method::GET, format!("/sync/v1/blob/{document}/{name}"));
        assert_eq!(ask.send().status().as_u16(), 404, "{document}");
    }
    assert_eq!(
        Stage::files(&scene.stage.data().join("blobs")),
        Vec::<std::path::PathBuf>::new()
    );
}

#[test]
fn a_day_has_room_for_so_much_and_the_next_day_for_as_much_again() {
    let scene = Scene::new();
    let body = vec![0_u8; usize::try_from(BLOB_BYTES_MAX).expect("fits") / 2];
    let mut taken = 0_u64;
    let mut told = (204, String::new());
    for n in 0..60_u8 {
        // Parts of blobs that are never finished count as well.
        told = scene.patch(BlobHash([n; 32]), 0, BLOB_BYTES_MAX, &body).told();
        if told.0 != 204 {
            break;
        }
        taken += body.len() as u64;
    }
    assert_eq!(told, (429, "blob_quota".into()));
    assert!(
        taken <= BLOB_DAY_BYTES_MAX && taken + BLOB_BYTES_MAX > BLOB_DAY_BYTES_MAX,
        "{taken}"
    );
    // A photo of that phone waits, and is told as waiting; nothing of it is refused.
    let id = scene
        .stage
        .take(0, scene.own, photo(4, 12_000_000, ""))
        .expect("saved");
    scene.stage.sync(0).expect("synced");
    assert_eq!(scene.stage.state(0, scene.own, id), "waiting");
    scene.stage.pass(DAY_MS);
    scene.stage.sync(0).expect("synced");
    assert_eq!(scene.stage.state(0, scene.own, id), "at_hq");
    // Nobody goes on with those parts.
    scene.stage.pass(30 * DAY_MS);
    assert_eq!(scene.stage.keep().parts as u64, taken / body.len() as u64);
}

#[test]
fn a_revoked_phone_neither_sends_nor_reads() {
    let scene = Scene::new();
    let id = scene
        .stage
        .take(0, scene.own, photo(5, 20_000, ""))
        .expect("saved");
    scene.stage.sync(0).expect("synced");
    assert_eq!(scene.stage.state(0, scene.own, id), "at_hq");
    let (good, hash) = bytes();
    let device = scene.stage.phones[0]
        .status()
        .expect("a status")
        .device
        .expect("enrolled");
    scene
        .stage
        .runtime
        .block_on(scene.stage.app().revoke(device))
        .expect("revoked");
    let revoked = (403, "device_revoked".to_owned());
    assert_eq!(scene.patch(hash, 0, good.len(), &good).told(), revoked);
    let read = BlobHash::of(&photo(5, 20_000, "").bytes);
    assert_eq!(scene.at(Method::GET, scene.own, read).told(), revoked);
    // Its photos stay on it, and nothing is called lost.
    let later = scene
        .stage
        .take(0, scene.own, photo(6, 20_000, ""))
        .expect("saved");
    scene.stage.sync(0).expect("synced");
    assert_eq!(scene.stage.state(0, scene.own, later), "waiting");
}

#[test]
fn staff_see_photos_on_the_ticket_and_nobody_else_does() {
    let scene = Scene::new();
    let stage = &scene.stage;
    let shown = photo(7, 50_000, "断裂的轴 <b>");
    let hash = BlobHash::of(&shown.bytes);
    stage.take(0, scene.own, shown.clone()).expect("saved");
    stage.sync_metered(0).expect("synced");
    let cookie = stage.runtime.block_on(async {
        let staff = NewStaff {
            name: "li".into(),
            display_name: "Li".into(),
            role: Role::Dispatcher,
            lang: "zh".into(),
            password: None,
        };
        let staff = stage.app().create_staff(staff).await.expect("an account");
        let link = stage.app().signin_link(staff.id, 60_000).await.expect("a link");
        let session = stage
            .app()
            .sign_in_by_link(&link.reveal())
            .await
            .expect("a session");
        format!("fieldline={}", session.token.reveal())
    });
    let get = |path: String, cookie: &str| {
        let url = format!("http://{}{path}", stage.address());
        let request = scene
            .http
            .get(url)
            .header("cookie", cookie)
            .header("accept-language", "zh");
        stage.runtime.block_on(async {
            let response = request.send().await.expect("an answer");
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            (status, headers, response.bytes().await.expect("a body"))
        })
    };
    let page = format!("/hq/tickets/{}", scene.own);
    let picture = format!("{page}/photos/{hash}");
    let text = |body: &[u8]| String::from_utf8_lossy(body).into_owned();
    let (status, _, body) = get(page.clone(), &cookie);
    let waiting = text(&body);
    assert_eq!(status, 200);
    assert!(
        waiting.contains("断裂的轴 &lt;b&gt;") && waiting.contains("原图还在手机上"),
        "{waiting}"
    );
    assert!(!waiting.contains(&picture), "the photo is no link yet");
    assert_eq!(get(picture.clone(), &cookie).0, 404);
    stage.sync(0).expect("synced");
    let (_, _, body) = get(page.clone(), &cookie);
    assert!(
        text(&body).contains(&format!("href=\"{picture}\"")),
        "{}",
        text(&body)
    );
    let (status, headers, body) = get(picture.clone(), &cookie);
    assert_eq!((status, body.as_ref()), (200, &shown.bytes[..]));
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("x-content-type-options", "nosniff"),
        (
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        ),
        ("cache-control", "private, no-cache"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(headers[name], value);
    }
    assert!(
        headers["content-disposition"]
            .to_str()
            .expect("text")
            .starts_with("inline; filename=\"")
    );
    // By another ticket, without an account, with a customer's link: nothing.
    assert_eq!(
        get(format!("/hq/tickets/{}/photos/{hash}", scene.others), &cookie).0,
        404
    );
    let (_, headers, body) = get(picture, "");
    assert!(!body.starts_with(&[0xff, 0xd8]), "{headers:?}");
}
