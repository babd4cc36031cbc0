#![no_main]
//! [`fieldline_model::fuzzing::change_structured`]

fieldline_fuzz::target!(fieldline_model::fuzzing::change_structured);
