#![no_main]
//! [`fieldline_server::fuzzing::engineers`]

fieldline_fuzz::target!(fieldline_server::fuzzing::engineers);
