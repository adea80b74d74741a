//! The MCP servers the person keeps: their names, addresses, headers and own credentials, and the tools of
//! their last good answer.
//!
//! Header values and client secrets are sealed; they are read one server at a time by whoever sends them, and
//! an edit never touches them unless it says so.
//!
//! Never here: the network, grants, whether anything is connected.

mod book;
mod change;
mod method;
mod provider;
mod server;
mod table;
mod way_back;

pub use book::{Arrival, MethodError, SEALED, Servers, ServersError};
pub use method::{
    BroughtSignInMethod, Credentials, IdentityProvider, NewSignInMethod, SecretName, SignInMethod, TokenPlace,
};
pub use provider::{Agreed, Provider};
pub use server::{EditServer, Edited, Era, NewServer, SecretChange, Server};
pub use way_back::WayBack;
