//! The door's tests.
