//! `bench-peer`: the product as a peer of a benchmark harness. See `fieldline_tests::bench_peer`.

fn main() -> anyhow::Result<()> {
    fieldline_tests::bench_peer::run()
}
