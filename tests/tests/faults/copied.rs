//! A copy of the data is started beside the original (64): it tells nobody outside what the original tells, until somebody
//! says that it is the one that counts.

use fieldline_server::app::{App, Edge, Options};
use fieldline_tests::world::World;

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("the server's directory") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).expect("room");
        }
    }
}

fn open(directory: &std::path::Path) -> App {
    App::open(directory, Edge::system(), Options::default()).expect("it opens")
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(work)
}

fn is_held(app: &App) -> bool {
    let held = wait(app.restored()).expect("readable");
    held.is_some_and(|it| it.to.is_none() && it.outbound_held)
}

#[test]
fn fault_064_staging_copy_starts_and_nothing_goes_out_of_it() {
    let (mut world, ticket, _) = World::with_ticket(64, 2);
    world.note(0, ticket, "before the copy");
    world.settle();
    world.hq.kill();
    let original = world.hq.path().parent().expect("a directory").to_owned();
    let staging = tempfile::tempdir().expect("room");
    copy(&original, staging.path());

    let app = open(staging.path());
    assert!(is_held(&app), "the copy knows that it is one");
    drop(app);
    let app = open(staging.path());
    assert!(is_held(&app), "and goes on knowing it");
    assert!(wait(app.release_outbound()).expect("written"));
    assert!(!is_held(&app));
    drop(app);
    assert!(!is_held(&open(staging.path())), "somebody said that it counts");

    let app = open(&original);
    assert!(!is_held(&app), "the original goes on as before");
    drop(app);
    world.repair_hq();
    world.note(0, ticket, "after");
    world.assert_healed();
}
