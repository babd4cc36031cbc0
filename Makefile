# `make` alone prints this help. Everything a contributor runs is a target here; the logic is in scripts/.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.PHONY: help test test-rust test-encrypted test-browser test-long test-python test-kotlin test-swift test-targets \
        fmt lint doc bench bench-sync bench-idle audit fuzz screens

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

test: ## every suite that can run here; what cannot is named
	@scripts/test.sh rust encrypted browser python kotlin swift targets

test-rust: ## unit tests, journeys and the simulator
	@scripts/test.sh rust

test-encrypted: ## the engine on encrypted stores
	@scripts/test.sh encrypted

test-browser: ## the pages in a real browser, in both languages and two sizes
	@scripts/test.sh browser

test-long: ## 2,000 simulation seeds (FIELDLINE_SEEDS=n for more), fuzzing and every phone target
	@FIELDLINE_TARGETS=all scripts/test.sh long fuzz targets

test-python: ## the bindings from Python
	@scripts/test.sh python

test-kotlin: ## the Android app
	@scripts/test.sh kotlin

test-swift: ## the iOS app
	@scripts/test.sh swift

test-targets: ## whether phones' compilers take the core (FIELDLINE_TARGETS=all for every target)
	@scripts/test.sh targets

fmt: ## format the Rust code
	cargo fmt --all

lint: ## formatting, clippy and shellcheck; a warning is an error
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	@if command -v shellcheck >/dev/null; then shellcheck -x scripts/*.sh bindings/python/test.sh .ci/run; \
	else echo "shellcheck skipped: not installed"; fi

doc: ## the documentation of our crates; a broken link is an error
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

bench: ## benchmarks against the figures in the design
	cargo bench --package fieldline-tests

bench-sync: ## our sync beside peers in one harness: PEERS=path (ONLY=peer,... CELLS=B500,...)
	@scripts/bench_sync.py "$(PEERS)"

bench-idle: ## memory of the server for each idle phone, without and with TLS
	cargo build --release
	@scripts/bench_idle.py target/release/fieldline

audit: ## licences, duplicates and sources of dependencies
	@if command -v cargo-deny >/dev/null; then cargo deny --offline check licenses bans sources; \
	else echo "audit skipped: missing cargo-deny; get it with: cargo install cargo-deny"; fi

fuzz: ## each fuzz target for FUZZ_SECONDS (60)
	@scripts/test.sh fuzz

screens: ## renew the pictures in docs/screens
	@SCREENS=1 scripts/test.sh browser
