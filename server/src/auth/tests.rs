//! Accounts, sign-in, lock-out, links, expiry: against a real database, with a clock in hand.

use std::net::IpAddr;

use fieldline_model::id::StaffId;
use fieldline_model::time::Timestamp;

use super::session::{self, SignInFailure};
use super::{Role, Staff, Token, password};
use crate::store::staff::{staff_disable, staff_insert, staff_set_password};
use crate::store::{Store, StoreError};

const T0: Timestamp = Timestamp::from_ms(1_790_000_000_000);
const PASSWORD: &str = "a good password";

struct Scene {
    _dir: tempfile::TempDir,
    store: Store,
    id: StaffId,
    chance: u8,
}

impl Scene {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("fieldline.db")).unwrap();
        let id = StaffId::from_bytes([1; 16]);
        let staff = Staff {
            id,
            name: "wang".into(),
            display_name: "王芳".into(),
            role: Role::Dispatcher,
            lang: "zh".into(),
            disabled_at: None,
        };
        let hash = password::hash(PASSWORD.into(), [3; 16]).await.unwrap();
        store
            .write::<_, StoreError>(move |c| staff_insert(c, &staff, Some(&hash)))
            .await
            .unwrap();
        Self {
            _dir: dir,
            store,
            id,
            chance: 0,
        }
    }

    fn random(&mut self) -> [u8; 64] {
        self.chance += 1;
        let mut random = [self.chance; 64];
        random[32..].fill(0xc5);
        random
    }

    async fn try_in(
        &mut self,
        now: Timestamp,
        name: &str,
        password: &str,
        peer: u8,
    ) -> Result<Token, SignInFailure> {
        let random = self.random();
        let peer = Some(IpAddr::from([10, 0, 0, peer]));
        session::sign_in(&self.store, now, random, name, password.into(), peer)
            .await
            .map(|new| new.token)
    }

    async fn is_in(&self, now: Timestamp, token: &Token) -> bool {
        session::session_of(&self.store, now, token)
            .await
            .unwrap()
            .is_some()
    }
}

fn after(ms: i64) -> Timestamp {
    T0.plus_ms(ms)
}

#[tokio::test]
async fn name_and_password_begin_a_session_and_sign_out_ends_it() {
    let mut scene = Scene::new().await;
    let token = scene.try_in(T0, " Wang ", PASSWORD, 1).await.unwrap();
    let found = session::session_of(&scene.store, T0, &token)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.staff.id, found.staff.role), (scene.id, Role::Dispatcher));
    assert_ne!(found.csrf, token.reveal());
    session::sign_out(&scene.store, &token).await.unwrap();
    session::sign_out(&scene.store, &token).await.unwrap();
    assert!(!scene.is_in(T0, &token).await);
}

#[tokio::test]
async fn wrong_names_and_wrong_passwords_get_the_same_answer() {
    let mut scene = Scene::new().await;
    for (name, password) in [
        ("wang", "wrong password"),
        ("nobody", PASSWORD),
        ("", ""),
        ("' OR 1=1 --", PASSWORD),
    ] {
        let failure = scene.try_in(T0, name, password, 1).await.unwrap_err();
        assert!(matches!(failure, SignInFailure::Wrong));
    }
}

#[tokio::test]
async fn ten_wrong_tries_lock_a_name_for_the_window_known_or_not() {
    let mut scene = Scene::new().await;
    for name in ["wang", "nobody"] {
        for peer in 0..10 {
            assert!(matches!(
                scene.try_in(T0, name, "wrong", peer).await,
                Err(SignInFailure::Wrong)
            ));
        }
        let locked = scene.try_in(after(60_000), name, PASSWORD, 99).await;
        assert!(
            matches!(locked, Err(SignInFailure::TooMany { minutes: 15 })),
            "{locked:?}"
        );
    }
    assert!(
        scene
            .try_in(after(session::TRY_WINDOW_MS), "wang", PASSWORD, 99)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn an_address_is_locked_whatever_names_it_tries() {
    let mut scene = Scene::new().await;
    for n in 0..session::TRIES_PER_ADDRESS_MAX {
        let failure = scene
            .try_in(T0, &format!("name{n}"), "wrong", 7)
            .await
            .unwrap_err();
        assert!(matches!(failure, SignInFailure::Wrong));
    }
    assert!(matches!(
        scene.try_in(T0, "wang", PASSWORD, 7).await,
        Err(SignInFailure::TooMany { .. })
    ));
    assert!(scene.try_in(T0, "wang", PASSWORD, 8).await.is_ok());
}

#[tokio::test]
async fn success_forgives_the_name() {
    let mut scene = Scene::new().await;
    for _ in 0..3 {
        for _ in 0..9 {
            scene.try_in(T0, "wang", "wrong", 1).await.unwrap_err();
        }
        scene.try_in(T0, "wang", PASSWORD, 1).await.unwrap();
    }
}

#[tokio::test]
async fn a_session_slides_but_not_for_ever() {
    let mut scene = Scene::new().await;
    let unused = scene.try_in(T0, "wang", PASSWORD, 1).await.unwrap();
    assert!(!scene.is_in(after(session::SESSION_IDLE_MS), &unused).await);
    let used = scene.try_in(T0, "wang", PASSWORD, 1).await.unwrap();
    let mut at = 0;
    while at + session::SESSION_IDLE_MS / 2 < session::SESSION_LIFE_MS {
        at += session::SESSION_IDLE_MS / 2;
        assert!(
            at >= session::SESSION_LIFE_MS || scene.is_in(after(at), &used).await,
            "at {at}"
        );
    }
    assert!(!scene.is_in(after(session::SESSION_LIFE_MS), &used).await);
}

#[tokio::test]
async fn a_new_password_and_a_disabled_account_end_sessions() {
    let mut scene = Scene::new().await;
    let id = scene.id;
    let token = scene.try_in(T0, "wang", PASSWORD, 1).await.unwrap();
    let hash = password::hash("another password".into(), [4; 16]).await.unwrap();
    scene
        .store
        .write::<_, StoreError>(move |c| staff_set_password(c, id, &hash))
        .await
        .unwrap();
    assert!(!scene.is_in(T0, &token).await);
    assert!(scene.try_in(T0, "wang", PASSWORD, 1).await.is_err());
    let token = scene.try_in(T0, "wang", "another password", 1).await.unwrap();
    scene
        .store
        .write::<_, StoreError>(move |c| staff_disable(c, id, T0))
        .await
        .unwrap();
    assert!(!scene.is_in(T0, &token).await);
    assert!(scene.try_in(T0, "wang", "another password", 1).await.is_err());
}

#[tokio::test]
async fn a_link_signs_in_once_and_looking_does_not_use_it() {
    let mut scene = Scene::new().await;
    let link = session::link_for(&scene.store, T0, [9; 32], scene.id, 60_000)
        .await
        .unwrap()
        .reveal();
    for _ in 0..2 {
        let holder = session::link_holder(&scene.store, T0, &link).await.unwrap();
        assert_eq!(holder.unwrap().display_name, "王芳");
    }
    let random = scene.random();
    let new = session::sign_in_by_link(&scene.store, T0, random, &link)
        .await
        .unwrap();
    assert!(scene.is_in(T0, &new.token).await);
    assert!(
        session::link_holder(&scene.store, T0, &link)
            .await
            .unwrap()
            .is_none()
    );
    let old = session::link_for(&scene.store, T0, [8; 32], scene.id, 60_000)
        .await
        .unwrap()
        .reveal();
    for (now, token) in [
        (T0, link.as_str()),
        (after(60_000), &old),
        (T0, "unknown"),
        (T0, ""),
    ] {
        let random = scene.random();
        let again = session::sign_in_by_link(&scene.store, now, random, token).await;
        assert!(matches!(again, Err(SignInFailure::Wrong)));
    }
}
