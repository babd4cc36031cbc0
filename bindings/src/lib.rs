//! The engine for Kotlin, Swift and Python, through uniffi.
//!
//! Coarse calls with plain records, each ready for one screen: no call per row. A call takes the engine's lock once or a few times
//! and lets go before anybody is told; it waits for the network only where its name says so. All calls block, so an app makes them
//! off its main thread; its facade does. Errors carry a stable code and words in both languages, and nothing panics across the
//! border on data that came from outside.

mod act;
mod codes;
mod detail;
mod error;
mod id;
mod listen;
mod meeting;
mod phone;
mod record;
mod scan;
mod words;

pub use act::{Act, CheckAnswer, Place};
pub use codes::{
    CheckKind, CodeSort, DeclineReason, EntryKind, KeptState, NextStep, PauseReason, PhotoShows, PhotoState,
    Priority, TicketStatus, VisitPhase, VisitResult, WaitingFor, Who,
};
pub use error::PhoneError;
pub use listen::{PhoneListener, WhatChanged};
pub use meeting::Meeting;
pub use phone::{NewPhoto, Phone, PhoneConfig, parse_enrol_code, set_store_aside};
pub use record::*;
pub use scan::BundleScan;
pub use words::{
    Words, words_of_decline, words_of_pause, words_of_photo, words_of_priority, words_of_result,
};

uniffi::setup_scaffolding!();
