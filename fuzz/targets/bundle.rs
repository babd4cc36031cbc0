#![no_main]
//! [`fieldline_model::fuzzing::bundle`]

fieldline_fuzz::target!(fieldline_model::fuzzing::bundle);
