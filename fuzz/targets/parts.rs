#![no_main]
//! [`fieldline_server::fuzzing::parts`]

fieldline_fuzz::target!(fieldline_server::fuzzing::parts);
