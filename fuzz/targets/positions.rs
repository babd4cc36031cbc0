#![no_main]
//! [`fieldline_model::fuzzing::positions`]

fieldline_fuzz::target!(fieldline_model::fuzzing::positions);
