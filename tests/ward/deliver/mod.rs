//! Deliveries over real sockets, from real store files, to portals that misbehave.

mod answers;
mod beats;
mod epochs;
mod feed;
mod given_back;
mod push;
mod tls;
