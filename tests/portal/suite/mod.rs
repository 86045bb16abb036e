//! What the portal does, wherever its book is: `sqlite` and `postgres` hold this module each and say where.

mod acts;
mod believed;
mod both;
mod changes;
mod confirmed;
mod copies;
mod decides;
mod desk;
mod doors;
mod doubted;
mod duplicates;
mod enrol;
mod family;
mod figures;
mod formats;
mod heartbeats;
mod http;
mod inspected;
mod invented;
mod keys;
mod months;
mod noticed;
mod once;
mod openapi;
mod orders;
mod paper;
mod quotas;
mod set_back;
mod sign_in;
mod trials;
mod withheld;

use ogoh::portal::PortalSettings;

use super::BOOK;
use crate::portal_support::World;

/// A portal with its book in this suite's database.
fn world() -> World {
    world_with(PortalSettings::default())
}

/// The same with settings of its own.
fn world_with(settings: PortalSettings) -> World {
    World::with(BOOK, settings)
}
