#![no_main]
//! [`fieldline_server::fuzzing::range`]

fieldline_fuzz::target!(fieldline_server::fuzzing::range);
