//! Stories of grants, told with a real SQLite file and a real token endpoint on loopback.

mod accounts;
mod at_hand;
mod crash;
mod ends;
mod keeps_alive;
mod moves;
mod names;
mod offline;
mod owes;
mod refreshes;
mod rests;
mod sealed;
mod sequences;
mod spoiled;
mod survives;
mod touched;
pub(super) mod world;
