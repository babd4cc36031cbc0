//! A record that was put back from a backup says so over every page, and an administrator lets messages go out again.

use axum::http::StatusCode;
use fieldline_server::auth::Role;
use fieldline_server::store::StoreError;

use crate::scene::{MINUTE, START, Scene};

async fn restored() -> Scene {
    let scene = Scene::new().await;
    let write = |connection: &rusqlite::Connection| {
        let mut put = connection.prepare("INSERT INTO meta (key, value) VALUES (?1, ?2)")?;
        for (key, value) in [
            ("restored_at", START),
            ("restored_to", START - 120 * MINUTE),
            ("outbound_held", 1),
        ] {
            put.execute([key.to_owned(), value.to_string()])?;
        }
        Ok::<_, StoreError>(())
    };
    scene.app.store().write(write).await.unwrap();
    scene
}

const RELEASE: &str = "/hq/release-outbound";

#[tokio::test]
async fn a_restored_record_says_so_on_every_page_until_an_administrator_lets_messages_go_out() {
    let scene = restored().await;
    let mut keeper = scene.signed(Role::Keeper, "zh-CN").await;
    for page in ["/hq", "/hq/engineers", "/hq/parts", "/hq/articles"] {
        keeper
            .page(page)
            .await
            .has("数据已于 14:00 恢复到 12:00 的备份")
            .has("发给客户和其他系统的消息已暂停")
            .lacks(RELEASE);
    }
    let refused = keeper.submit("/hq", RELEASE, &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);

    let mut admin = scene.signed(Role::Admin, "en").await;
    admin
        .page("/hq")
        .await
        .has("restored at 14:00 from a backup of 12:00")
        .has("Let messages go out</button>");
    // Twice is once.
    for _ in 0..2 {
        assert_eq!(admin.submit("/hq", RELEASE, &[]).await.to, "/hq");
    }
    admin
        .page("/hq")
        .await
        .has("go out again")
        .lacks("from a backup of")
        .lacks(RELEASE);
    assert!(!scene.app.restored().await.unwrap().unwrap().outbound_held);
}

#[tokio::test]
async fn a_record_that_was_never_put_back_says_nothing() {
    let scene = Scene::new().await;
    let mut admin = scene.signed(Role::Admin, "en").await;
    admin.page("/hq").await.lacks("backup").lacks(RELEASE);
}
