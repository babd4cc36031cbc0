#![no_main]
//! [`fieldline_model::fuzzing::reply`]

fieldline_fuzz::target!(fieldline_model::fuzzing::reply);
