#![no_main]
//! [`fieldline_model::fuzzing::exchange`]

fieldline_fuzz::target!(fieldline_model::fuzzing::exchange);
