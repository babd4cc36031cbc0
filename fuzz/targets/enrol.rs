#![no_main]
//! [`fieldline_model::fuzzing::enrol`]

fieldline_fuzz::target!(fieldline_model::fuzzing::enrol);
