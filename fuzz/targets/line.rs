#![no_main]
//! [`fieldline_model::fuzzing::line`]

fieldline_fuzz::target!(fieldline_model::fuzzing::line);
