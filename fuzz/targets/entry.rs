#![no_main]
//! [`fieldline_model::fuzzing::entry`]

fieldline_fuzz::target!(fieldline_model::fuzzing::entry);
