#![no_main]
//! [`fieldline_server::fuzzing::sla_plans`]

fieldline_fuzz::target!(fieldline_server::fuzzing::sla_plans);
