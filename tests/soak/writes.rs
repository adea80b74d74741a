//! What a person does all day, as a load: servers come, change and go, accounts get names, settings change.

use std::collections::{BTreeMap, BTreeSet};

use http::HeaderName;
use rand::{Rng, seq::IteratorRandom};
use serde::{Deserialize, Serialize};
use usher_core::{
    base::{Secret, ServerId},
    servers::{EditServer, NewServer, SecretChange},
    store::Setting,
};

use crate::house::{House, new_server};

/// What the names of the load's servers begin with.
pub const EXTRA: &str = "extra-";
/// How many of them there are at most.
const MOST: usize = 12;

/// One write. Its effect can be seen in the file's clear columns.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Write {
    /// A new server, with a key for a header.
    Add(String),
    /// Another name and another key.
    Rename(String, String),
    /// A server goes.
    Delete(String),
    /// The account of a server gets a name.
    Label(String, String),
    /// A setting is remembered, or forgotten.
    Set(Option<String>),
}

/// What writes come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// The names of the load's servers.
    pub names: BTreeSet<String>,
    /// The person's names for accounts, by their server.
    pub labels: BTreeMap<String, String>,
    /// The setting, if there is one.
    pub setting: Option<String>,
}

impl Kept {
    /// Gives what is there after one more write.
    #[must_use]
    pub fn after(&self, write: &Write) -> Self {
        let mut kept = self.clone();
        match write.clone() {
            Write::Add(name) => {
                kept.names.insert(name);
            }
            Write::Rename(from, to) => {
                kept.names.remove(&from);
                kept.names.insert(to);
            }
            Write::Delete(name) => {
                kept.names.remove(&name);
            }
            Write::Label(server, label) => {
                kept.labels.insert(server, label);
            }
            Write::Set(value) => kept.setting = value,
        }
        kept
    }

    /// Draws a write that makes sense here.
    pub fn next(&self, signed_in: &[ServerId]) -> Write {
        let mut draw = rand::rng();
        let fresh = format!("{EXTRA}{:016x}", draw.random::<u64>());
        let some = self.names.iter().choose(&mut draw).cloned();
        match (draw.random_range(0..6), some) {
            (0, Some(name)) => Write::Delete(name),
            (1, Some(name)) => Write::Rename(name, fresh),
            (2, _) if !signed_in.is_empty() => {
                let server = signed_in[draw.random_range(0..signed_in.len())];
                Write::Label(server.to_string(), fresh)
            }
            (3, _) => Write::Set(draw.random_bool(0.5).then_some(fresh)),
            (_, Some(name)) if self.names.len() >= MOST => Write::Delete(name),
            _ => Write::Add(fresh),
        }
    }
}

impl House {
    /// Gives the names of the load's servers.
    pub async fn extras(&self) -> BTreeSet<String> {
        let servers = self.servers.list().await.expect("servers can be listed");
        let names = servers.into_iter().map(|server| server.name);
        names.filter(|name| name.starts_with(EXTRA)).collect()
    }

    /// Does a write; on return it is acknowledged.
    pub async fn write(&self, write: &Write) {
        match write {
            Write::Add(name) => {
                let headers = vec![(header(), key())];
                self.add(NewServer {
                    headers,
                    ..new_server(name)
                })
                .await;
            }
            Write::Rename(from, to) => {
                let edit = EditServer {
                    name: Some(to.clone()),
                    headers: Some(vec![(header(), SecretChange::Set(key()))]),
                    ..EditServer::default()
                };
                let edited = self.servers.edit(self.named(from).await, edit).await;
                edited.expect("a server can be edited");
            }
            Write::Delete(name) => {
                let deleted = self.servers.delete(self.named(name).await).await;
                deleted.expect("a server can be deleted");
            }
            Write::Label(server, label) => self.label(server, label).await,
            Write::Set(value) => {
                let remembered = self.store.remember(Setting::LockAfter, value.as_deref()).await;
                remembered.expect("a setting can be remembered");
            }
        }
    }

    async fn label(&self, server: &str, label: &str) {
        let server = server.parse().expect("an identifier");
        let account = self.grants.account(server).await.expect("accounts can be read");
        let account = account.expect("the server is signed in to").id;
        let renamed = self.grants.rename(server, account, Some(label)).await;
        renamed.expect("an account can be renamed");
    }

    async fn named(&self, name: &str) -> ServerId {
        let servers = self.servers.list().await.expect("servers can be listed");
        let found = servers.into_iter().find(|server| server.name == name);
        found.expect("only what is there is written to").id
    }
}

fn header() -> HeaderName {
    HeaderName::from_static("x-api-key")
}

fn key() -> Secret<String> {
    Secret::new(format!("{:032x}", rand::rng().random::<u128>()))
}
