//! A stolen phone against the whole server over a real socket: each attack is refused with its own code, the server stays
//! well, another phone syncs on as if nothing were, and nobody else's data can be read.
//!
//! What the door makes of single changes is told in `faults/hostile.rs` too, there without sockets and with every
//! check of the simulator. Here is the road a stranger takes: bodies, tokens, limits.

#[path = "hostile_http/bodies.rs"]
mod bodies;
#[path = "hostile_http/changes.rs"]
mod changes;
#[path = "hostile_http/scene.rs"]
mod scene;
#[path = "hostile_http/secrets.rs"]
mod secrets;
