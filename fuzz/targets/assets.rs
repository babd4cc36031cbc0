#![no_main]
//! [`fieldline_server::fuzzing::assets`]

fieldline_fuzz::target!(fieldline_server::fuzzing::assets);
