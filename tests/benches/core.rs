//! What docs/benchmarks.md reports of one phone and one server: `cargo bench -p fieldline-tests`.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, Throughput, criterion_group};
use fieldline_engine::view::ListFilter;
use fieldline_model::operation::{Act, Author};
use fieldline_model::wire::Verdict;
use fieldline_tests::kit::{Kit, open_phone};

fn note(n: usize) -> Act {
    Act::Note {
        text: format!("第 {n} 次测量正常，密封圈已更换"),
    }
}

/// One tap: rule, change, intent and read model in one transaction, with fsync.
fn commit(c: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap();
    let kit = Kit::new(dir.path(), 20);
    kit.sync();
    let mut n = 0;
    c.bench_function("phone/commit_one_operation", |b| {
        b.iter_custom(|times| {
            let mut spent = Duration::ZERO;
            for _ in 0..times {
                // Fifty taps on one ticket, then the next: its document is open, as on the screen.
                let (ticket, _) = kit.tickets[n / 50 % kit.tickets.len()];
                let act = note(n);
                n += 1;
                let begun = now();
                kit.perform(ticket, act);
                spent += begun.elapsed();
                // As on a phone with a network: what is saved leaves again, so the documents do not grow a tail.
                if n.is_multiple_of(200) {
                    kit.sync();
                }
            }
            spent
        });
    });
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn now() -> Instant {
    Instant::now()
}

/// From a closed store to the list on the screen, page cache warm.
fn cold_open(c: &mut Criterion) {
    for tickets in [500, 2_000] {
        let dir = tempfile::tempdir().unwrap();
        let kit = Kit::new(dir.path(), tickets);
        kit.sync();
        let path = dir.path().join("phone.db");
        drop(kit);
        let all = ListFilter {
            limit: 10_000,
            ..ListFilter::default()
        };
        c.bench_function(&format!("phone/cold_open_and_list_{tickets}"), |b| {
            // Each phone is closed again before the next one opens; closing is not measured.
            let open = |()| {
                let engine = open_phone(&path);
                let lines = engine.list(&all).unwrap();
                assert_eq!(lines.len(), tickets);
                (engine, lines)
            };
            b.iter_batched(|| (), open, BatchSize::PerIteration);
        });
    }
}

/// Pushed changes through the whole door: signature, structure, policy, rules, fold, projection, one COMMIT a lane.
fn merges(c: &mut Criterion) {
    let mut group = c.benchmark_group("server");
    // Few and short: one phone may push 20,000 changes a day, and is told "later" beyond.
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .throughput(Throughput::Elements(1_000));
    for each in [1, 10] {
        let tickets = 1_000 / each;
        let dir = tempfile::tempdir().unwrap();
        let kit = Kit::new(dir.path(), tickets);
        kit.sync();
        let mut round = 0;
        group.bench_function(format!("merge_1000_changes_{each}_a_ticket"), |b| {
            b.iter_batched(
                || {
                    for n in 0..each {
                        for (ticket, _) in &kit.tickets {
                            kit.perform(*ticket, note(round * each + n));
                        }
                    }
                    round += 1;
                    let exchange = fieldline_engine::clock::with_moment(|m| kit.engine.sync_next(m))
                        .unwrap()
                        .unwrap();
                    (exchange, kit.engine.token().unwrap())
                },
                |(exchange, token)| {
                    let reply = kit
                        .runtime
                        .block_on(kit.app.exchange(&token, exchange.clone()))
                        .unwrap();
                    let fates = reply.verdicts.iter();
                    let fates = fates.filter(|(_, verdict)| matches!(verdict, Verdict::Fate { .. }));
                    assert_eq!(fates.count(), 1_000, "each was decided");
                    Taken {
                        kit: &kit,
                        exchange,
                        reply: Some(reply),
                    }
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

/// Settles the phone's side outside the measured time.
struct Taken<'a> {
    kit: &'a Kit,
    exchange: fieldline_model::wire::Exchange,
    reply: Option<fieldline_model::wire::Reply>,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if let Some(reply) = self.reply.take() {
            fieldline_engine::clock::with_moment(|m| self.kit.engine.sync_take(&self.exchange, reply, m))
                .unwrap();
        }
        self.kit.sync();
    }
}

/// The customer's page of a ticket under way, through the whole router.
fn tracking(c: &mut Criterion) {
    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    let dir = tempfile::tempdir().unwrap();
    let kit = Kit::new(dir.path(), 200);
    kit.sync();
    let (ticket, visit) = kit.tickets[0];
    kit.perform(ticket, Act::Accept { visit });
    kit.perform(ticket, Act::Depart { visit, eta: None });
    kit.sync();
    let link = kit
        .runtime
        .block_on(kit.app.tracking_link(ticket, Author::Server))
        .unwrap();
    let router =
        fieldline_server::http::router(kit.app.clone(), fieldline_server::http::HttpOptions::default());
    let address = format!("/t/{}", link.token.as_str());
    c.bench_function("server/tracking_page", |b| {
        b.iter(|| {
            kit.runtime.block_on(async {
                let request = Request::get(&address).body(Body::empty()).unwrap();
                let response = router.clone().oneshot(request).await.unwrap();
                assert_eq!(response.status(), StatusCode::OK);
                response.into_body().collect().await.unwrap().to_bytes().len()
            })
        });
    });
}

/// Names the store that a process of its own opens and lists, to tell what memory that takes.
const MEMORY_OF: &str = "FIELDLINE_BENCH_MEMORY_OF";

/// Resident memory of a process that opened a synced phone, listed it and looked at ten tickets.
fn memory() {
    for tickets in [500, 2_000] {
        let dir = tempfile::tempdir().unwrap();
        let kit = Kit::new(dir.path(), tickets);
        kit.sync();
        drop(kit);
        let itself = std::env::current_exe().unwrap();
        let told = std::process::Command::new(itself)
            .env(MEMORY_OF, dir.path().join("phone.db"))
            .output()
            .unwrap();
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
        println!(
            "phone/memory_{tickets}  {}",
            String::from_utf8_lossy(&told.stdout).trim()
        );
    }
}

fn tell_memory(path: &std::path::Path) {
    let engine = open_phone(path);
    let all = ListFilter {
        limit: 10_000,
        ..ListFilter::default()
    };
    let lines = engine.list(&all).unwrap();
    for line in lines.iter().take(10) {
        fieldline_engine::clock::with_moment(|m| engine.ticket(line.ticket, m)).unwrap();
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let told: Vec<&str> = status
        .lines()
        .filter(|line| line.starts_with("VmRSS") || line.starts_with("VmHWM"))
        .collect();
    println!("{} tickets, {}", lines.len(), told.join(", ").replace('\t', " "));
}

criterion_group!(benches, commit, cold_open, merges, tracking);

fn main() {
    if let Some(path) = std::env::var_os(MEMORY_OF) {
        return tell_memory(path.as_ref());
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
    memory();
}
