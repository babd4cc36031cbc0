//! Parts that are used and moved.

use crate::AtWork;

/// "The number is out of range" was told of a van named twice.
#[test]
fn parts_are_not_moved_to_where_they_are() {
    let at = AtWork::begin();
    let phone = &at.phone;
    let parts = phone.good(&["parts", "--all"]);
    let line = &parts["parts"][0];
    let [part, place] = ["part", "location"].map(|key| line[key].as_str().expect("an id"));
    let line = ["transfer-part", "1", part, place, "--from", place];
    assert_eq!(phone.bad(&line), "same_place");
    let said = phone.says("en", &line);
    assert!(said.contains("would go to the place they come from"), "{said}");
}
