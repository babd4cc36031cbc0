#![no_main]
//! [`fieldline_model::fuzzing::document`]

fieldline_fuzz::target!(fieldline_model::fuzzing::document);
