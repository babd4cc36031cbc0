//! Bodies that are no message, or more than one may be.

use fieldline_model::wire::{Bytes, PACKED_BYTES_MAX, PUSH_CHANGES_MAX, UNPACKED_BYTES_MAX};
use fieldline_tests::world::network::MEDIA_TYPE;

use crate::scene::{EXCHANGE, Scene};

/// Level 19: what somebody would use who has time to build a bomb.
const BOMB_LEVEL: i32 = 19;

#[test]
fn bodies_that_inflate_are_not_unpacked() {
    let mut scene = Scene::new();
    let bomb = zstd::bulk::compress(&vec![0_u8; UNPACKED_BYTES_MAX + 2], BOMB_LEVEL).expect("packed");
    assert!(bomb.len() < 64 << 10, "{} bytes", bomb.len());
    // A head that asks for a window of two gigabytes.
    let window = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00];
    for path in [EXCHANGE, "/sync/v1/enrol", "/sync/v1/positions"] {
        let bodies = [
            (bomb.clone(), 413, "message_too_large"),
            (window.clone(), 400, "message_damaged"),
            (b"not a message".to_vec(), 400, "message_damaged"),
        ];
        for (body, status, code) in bodies {
            let answer = scene.post(path, body);
            assert_eq!((answer.status, answer.code().as_str()), (status, code), "{path}");
        }
    }
    let many = vec![Bytes::from(vec![0; 9]); PUSH_CHANGES_MAX + 1];
    let mut lane = scene.stolen.lane(scene.own.into(), &[]);
    lane.changes = many;
    let exchange = scene.stolen.exchange(vec![lane]);
    let answer = scene.exchange(&exchange);
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (413, "message_too_large")
    );
    scene.all_is_well(0);
}

/// The server stops reading where a body is longer than any message may be; whoever sends it may find the line shut.
#[test]
fn a_body_that_never_ends_is_not_kept() {
    let mut scene = Scene::new();
    scene.attacks += 1;
    let request = scene
        .http
        .post(scene.url(EXCHANGE))
        .header("content-type", MEDIA_TYPE)
        .bearer_auth(&scene.stolen.token)
        .body(vec![0; 4 * PACKED_BYTES_MAX]);
    let answer = scene.kit.runtime.block_on(request.send());
    assert!(answer.map_or(true, |answer| answer.status() == 413));
    scene.all_is_well(0);
}
