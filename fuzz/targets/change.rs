#![no_main]
//! [`fieldline_model::fuzzing::change`]

fieldline_fuzz::target!(fieldline_model::fuzzing::change);
