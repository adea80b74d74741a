//! A world to tell stories in: authorization servers, MCP servers, a person with a browser, a clock turned by
//! hand, keychains of every mood. Everything speaks real HTTP on free ports of this machine.
//!
//! Never here: a mock of the product's own types. The doors of the core are implemented, its rooms never.

mod authorization_server;
mod clock;
mod home;
mod http;
mod keychain;
mod mcp_server;
mod neighbourhood;
mod peer;
mod person;
mod resource_server;
mod seen;
mod tls;
mod tokens;
mod tools;

pub use authorization_server::{AuthorizationServer, Consent, Iss, RefreshMood, Registrations, Ways};
pub use clock::HandClock;
pub use home::{Furniture, Home};
pub use http::{Listening, canned, client};
pub use keychain::{FailingKeychain, MemoryKeychain};
pub use mcp_server::{Door, McpServer};
pub use neighbourhood::Neighbourhood;
pub use peer::Peer;
pub use person::{Arrival, Decision, Person};
pub use resource_server::ResourceServer;
pub use seen::{Seen, SeenLog};
pub use tls::SelfSigned;
