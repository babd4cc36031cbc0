#![no_main]
//! [`fieldline_server::fuzzing::customers`]

fieldline_fuzz::target!(fieldline_server::fuzzing::customers);
