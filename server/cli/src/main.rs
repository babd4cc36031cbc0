//! The Fieldline binary.
fn main() {}
