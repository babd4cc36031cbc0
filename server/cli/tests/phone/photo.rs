//! Photos: taken, told where they are, copied out again.

use crate::AtWork;

#[test]
fn a_photo_is_saved_told_where_it_is_and_copied_out_again() {
    let at = AtWork::begin();
    let phone = &at.phone;
    let file = |name: &str, bytes: &[u8]| {
        let path = at.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0];
    bytes.resize(70_000, 7);
    let photo = file("photo.jpg", &bytes);
    let text = file("photo.txt", b"no photo");
    assert_eq!(phone.bad(&["photo", "1", &text]), "photo_unreadable");
    assert_eq!(phone.bad(&["photo", "1", "/no/such/file"]), "file_failed");

    let taken = ["photo", "1", &photo, "--kind", "before", "--caption", "铭牌"];
    let saved = phone.good(&[&["--metered"], &taken[..]].concat());
    assert_eq!(
        (&saved["fate"]["fate"], &saved["photo"]),
        (&"merged".into(), &"waiting".into()),
        "{saved}"
    );
    let shown = phone.good(&["show", "1"]);
    assert_eq!(shown["photos"][0]["state"], "waiting", "{shown}");
    assert_eq!(shown["photos"][0]["photo"]["caption"], "铭牌");
    let status = phone.good(&["status"]);
    assert_eq!(
        (&status["photos"]["waiting"], &status["photos"]["waiting_bytes"]),
        (&1.into(), &70_000.into()),
        "{status}"
    );
    let by_any = phone.good(&["wifi-only", "off"]);
    assert_eq!(by_any["wifi_only"], false);
    let synced = phone.good(&["--metered", "sync"]);
    assert_eq!(
        (&synced["photos"]["waiting"], &synced["photos"]["at_hq"]),
        (&0.into(), &1.into())
    );

    let out = at.dir.path().join("out.jpg").display().to_string();
    phone.good(&["get-photo", "1", "1", "--to", &out]);
    assert_eq!(std::fs::read(&out).unwrap(), bytes);
    // From HQ, where this phone has it no more.
    std::fs::remove_dir_all(at.dir.path().join("phone").join("phone.blobs")).unwrap();
    std::fs::remove_file(&out).unwrap();
    phone.good(&[
        "get-photo",
        "1",
        saved["operation"].as_str().unwrap(),
        "--to",
        &out,
    ]);
    assert_eq!(std::fs::read(&out).unwrap(), bytes);
    assert_eq!(phone.bad(&["get-photo", "1", "2", "--to", &out]), "no_such_photo");
}

/// "Nothing is left to send" stood below "Photos: 1 to be sent", and whoever believes it wipes the phone.
#[test]
fn a_revoked_phone_says_that_photos_are_still_on_it() {
    let at = AtWork::begin();
    let (hq, phone) = (&at.hq, &at.phone);
    let photo = at.dir.path().join("photo.jpg");
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0];
    bytes.resize(70_000, 7);
    std::fs::write(&photo, bytes).unwrap();
    phone.good(&["--metered", "photo", "1", &photo.display().to_string()]);
    let device = phone.good(&["whoami"])["device"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    hq.revoke(device);
    phone.run(&["sync"]);
    let said = phone.says("en", &["status"]);
    assert!(
        said.contains("Photos still on this phone, sent only once it is enrolled again: 1.")
            && !said.contains("Nothing is left to send"),
        "{said}"
    );
    assert!(phone.says("zh", &["status"]).contains("1张照片还在本机"));
}
