//! The app as its window sees it: one [`App`], its calls, its events, and the errors people see.
//!
//! Never here: logic that a room could hold. What stands here decides only in which order the rooms are asked.

pub mod contract;

mod accounts;
mod calls;
mod content;
mod errors;
mod events;
mod exceptions;
mod life;
mod locking;
mod permissions;
mod presence;
mod provider;
mod questions;
mod reminders;
mod restoration;
mod runs;
mod secrets;
mod servers;
mod sign_in;
mod sign_in_method;
mod tools;
mod transfer;
mod views;

use std::{path::PathBuf, sync::Arc};

use serde_json::Value;
use tokio::sync::broadcast;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    base::ClientId,
    connect::Connections,
    grants::Grants,
    ports::{Browser, Clock, Http, Keychain, Network},
    record::Record,
    reminders::Reminders,
    servers::Servers,
    sign_in::{DeepLink, SignIns},
    store::{Store, Vault},
    transfer::Transfer,
};
use contract::{AppError, Call, ErrorCode, Event, Snapshot};
use events::Events;
use presence::Presence;
use servers::Memory;

/// The doors the desktop opens for the core.
#[derive(Clone)]
pub struct Doors {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Whether there is a way out of the machine.
    pub network: Arc<dyn Network>,
    /// The person's browser.
    pub browser: Arc<dyn Browser>,
    /// The operating system's keychain.
    pub keychain: Arc<dyn Keychain>,
}

/// What the desktop knows and the core does not.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where everything is kept; made if it is not there.
    pub data_directory: PathBuf,
    /// Whether links of our scheme come back to this app.
    pub deep_link: DeepLink,
    /// The address of our client ID metadata document, if one is published.
    pub client_metadata: Option<ClientId>,
    /// Where files for the person are put, such as their downloads; it has to be there.
    pub exports: PathBuf,
}

/// The running app. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Rooms>);

/// Every room, as the calls need them.
struct Rooms {
    settings: Settings,
    store: Store,
    vault: Vault,
    clock: Arc<dyn Clock>,
    http: Http,
    servers: Servers,
    grants: Grants,
    sign_ins: SignIns,
    connections: Connections,
    record: Record,
    reminders: Reminders,
    transfer: Transfer,
    events: Events,
    memory: Memory,
    presence: Presence,
    publishing: tokio::sync::Mutex<()>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl App {
    /// Answers one call: `{ "name": …, "argument": … }` in, the answer's JSON out.
    pub async fn call(&self, request: Value) -> Result<Value, AppError> {
        let call: Call = serde_json::from_value(request).map_err(|_| AppError::new(ErrorCode::BadCall))?;
        self.lock_if_left().await;
        let _present = (!call.only_looks()).then(|| self.0.presence.enter(&*self.0.clock));
        let placed = |error| errors::placed(error, &self.0.settings.data_directory);
        self.dispatch(call).await.map_err(placed)
    }

    /// Hears what happens from now on.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.0.events.subscribe()
    }

    /// Gives everything the window shows.
    pub async fn snapshot(&self) -> Result<Snapshot, AppError> {
        let seq = self.0.events.seq();
        Ok(Snapshot {
            seq,
            vault: self.vault_view(),
            network: views::network(self.0.http.way_out().is_there()),
            servers: self.server_views().await?,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data_directory: self.0.settings.data_directory.display().to_string(),
            exports_folder: self.0.settings.exports.display().to_string(),
            restoration: self.restoration().await?,
            reminders_snoozed_until: self.reminders_snoozed_until(),
        })
    }
}
