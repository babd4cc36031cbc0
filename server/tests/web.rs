//! The pages through their router, without a socket: a seeded edge, a clock in hand, a database in a temporary
//! directory, and a phone that pushes signed work through the same door as every phone.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

#[path = "web/again.rs"]
mod again;
#[path = "web/deadline.rs"]
mod deadline;
#[path = "web/desk.rs"]
mod desk;
#[path = "web/gate.rs"]
mod gate;
#[path = "web/held.rs"]
mod held;
#[path = "web/kept.rs"]
mod kept;
#[path = "web/late.rs"]
mod late;
#[path = "web/links.rs"]
mod links;
#[path = "web/list.rs"]
mod list;
#[path = "web/live.rs"]
mod live;
#[path = "web/namesake.rs"]
mod namesake;
#[path = "web/phone.rs"]
mod phone;
#[path = "web/restored.rs"]
mod restored;
#[path = "web/review.rs"]
mod review;
#[path = "web/said.rs"]
mod said;
#[path = "web/scene.rs"]
mod scene;
#[path = "web/stale.rs"]
mod stale;
#[path = "web/story.rs"]
mod story;
#[path = "web/track.rs"]
mod track;
#[path = "web/trouble.rs"]
mod trouble;
#[path = "web/two.rs"]
mod two;
