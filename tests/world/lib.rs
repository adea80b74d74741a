//! A world to tell stories in: authorization servers, MCP servers, a person with a browser, a clock turned by
//! hand, keychains of every mood. Everything speaks real HTTP on free ports of this machine.
//!
//! Never here: a mock of the product's own types. The doors of the core are implemented, its rooms never.

mod authorization_server;
mod clock;

mod home;
mod http;
mod identity_provider;
mod jwt;
mod keychain;
mod mcp_server;
mod neighbourhood;
mod network;
mod peer;
mod person;
mod proofs;
mod questions;
mod recorder;
mod requirements;
mod resource_server;
mod reviewed;
mod seen;
mod signpost;
mod socket;
mod tls;
mod tokens;
mod tools;
mod transcript;
mod wire;

pub use authorization_server::{
    AuthorizationServer, Consent, Held, Iss, Machines, Managing, Names, RefreshMood, Registrations, Ways,
};
pub use clock::HandClock;

pub use home::{Furniture, Home};
pub use http::{Listening, canned, canned_at, client};
pub use identity_provider::{IDP_CLIENT, IdentityProvider};
pub use jwt::Signer;
pub use keychain::{FailingKeychain, MemoryKeychain};
pub use mcp_server::{Door, McpServer, Rules};
pub use neighbourhood::Neighbourhood;
pub use network::HandNetwork;
pub use peer::{Peer, Program};
pub use person::{Arrival, Decision, Person};
pub use proofs::Proofs;
pub use recorder::{Looks, Recorder};
pub use requirements::{Asks, Requirements};
pub use resource_server::{Demands, ResourceServer};
pub use reviewed::{Unreviewed, reviewed};
pub use seen::{Seen, SeenLog};
pub use signpost::Signpost;
pub use tls::SelfSigned;
pub use transcript::Transcript;
pub use wire::{Exchange, Wire};
