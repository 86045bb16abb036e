//! Deliveries over real sockets, from real store files, to portals that misbehave.

mod answers;
mod beats;
mod epochs;
mod feed;
mod push;
mod tls;
