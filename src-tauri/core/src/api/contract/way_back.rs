//! The way back from the browser, as the person chooses it for a server.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How the browser comes back from a server's sign-ins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WayBackView {
    /// What the person chose.
    pub choice: WayBackChoice,
    /// The port the person fixed for a loopback address, if any.
    pub port: Option<u16>,
    /// What a person registers with a provider by hand; it fits the choice.
    pub redirect_uri: String,
}

/// The ways back there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum WayBackChoice {
    /// Whatever works at the provider.
    Automatic,
    /// The app's own link.
    DeepLink,
    /// `http://127.0.0.1`.
    LoopbackAddress,
    /// `http://localhost`.
    LoopbackName,
}

/// Which way back a server's sign-ins take from now on.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChooseWayBack {
    /// Which server.
    pub id: String,
    /// The way.
    pub choice: WayBackChoice,
    /// A fixed port for a loopback address, from 1; any free one without.
    pub port: Option<u16>,
}
