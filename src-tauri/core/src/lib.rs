//! Usher's core: everything that is not desktop.
//!
//! The rooms and the arrows between them are drawn in `docs/architecture.md`.

pub mod api;
pub mod base;
pub mod connect;
pub mod detect;
pub mod grants;
pub mod oauth;
pub mod owner;
pub mod ports;
pub mod record;
pub mod reminders;
pub mod servers;
pub mod sign_in;
pub mod store;
pub mod transfer;
