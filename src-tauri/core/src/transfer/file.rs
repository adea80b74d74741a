//! The file itself: what anybody can read of it, and what only the passphrase opens.
//!
//! One JSON object: `{ "format": "usher", "version": 1, "derivation": {…}, "sealed": "…" }`. The contents are JSON too, sealed
//! with AES-256-GCM under a key that Argon2id (RFC 9106) makes of the passphrase; everything before them is the associated
//! data, so that none of it can be changed.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

use super::TransferError;
use crate::{
    base::Secret,
    store::{Cell, Cost, Derivation, Key, SALT, SHORTEST_PASSPHRASE},
};

/// The most bytes of a file.
pub const LIMIT: usize = 16 * 1024 * 1024;
const FORMAT: &str = "usher";
const VERSION: u32 = 1;
/// The most that a file may ask of this machine before the passphrase is known to be right.
const MOST: Cost = Cost {
    memory_kib: 256 * 1024,
    passes: 16,
    lanes: 16,
};

/// What is read first, of any version.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    format: String,
    version: u32,
    derivation: Recipe,
    sealed: String,
}

/// How the passphrase becomes the key.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Recipe {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
}

/// Seals the contents of one file.
pub struct Seal {
    recipe: Recipe,
    key: Key,
}

impl Seal {
    /// Makes a key of a passphrase.
    pub async fn new(passphrase: &Secret<String>, cost: Cost) -> Result<Self, TransferError> {
        // EXPOSE: the length is looked at.
        if passphrase.expose().chars().count() < SHORTEST_PASSPHRASE {
            return Err(TransferError::ShortPassphrase);
        }
        let derivation = Derivation::fresh(cost);
        let key = derivation.derive(passphrase).await;
        Ok(Self {
            recipe: Recipe::of(&derivation),
            key: Key::wrapping(key.expect("our own numbers are sensible ones")),
        })
    }

    /// Gives the text of a file with these contents.
    pub fn seal(self, contents: &Secret<Vec<u8>>) -> String {
        // EXPOSE: it is encrypted.
        let sealed = self.key.seal(cell(&self.recipe.bound()), contents.expose());
        let envelope = Envelope {
            format: FORMAT.to_owned(),
            version: VERSION,
            derivation: self.recipe,
            sealed: BASE64_STANDARD.encode(sealed),
        };
        serde_json::to_string(&envelope).expect("strings and numbers always fit into JSON")
    }
}

/// Opens a file.
pub async fn open(text: &str, passphrase: &Secret<String>) -> Result<Secret<Vec<u8>>, TransferError> {
    let envelope = read(text)?;
    let derivation = envelope.derivation.read().ok_or(TransferError::Damaged)?;
    let sealed = BASE64_STANDARD.decode(&envelope.sealed);
    let sealed = sealed.map_err(|_| TransferError::Damaged)?;
    let key = derivation
        .derive(passphrase)
        .await
        .ok_or(TransferError::Damaged)?;
    let opened = Key::wrapping(key).unseal(cell(&envelope.derivation.bound()), &sealed);
    opened.map_err(|_| TransferError::Locked)
}

fn read(text: &str) -> Result<Envelope, TransferError> {
    if text.len() > LIMIT {
        return Err(TransferError::TooLarge);
    }
    let head: Head = serde_json::from_str(text).map_err(|_| unreadable(text))?;
    match (head.format.as_str(), head.version) {
        (FORMAT, VERSION) => serde_json::from_str(text).map_err(|_| TransferError::Damaged),
        (FORMAT, version) if version > VERSION => Err(TransferError::Newer),
        (FORMAT, _) => Err(TransferError::Damaged),
        _ => Err(TransferError::Foreign),
    }
}

/// Tells a file of ours that was cut off from one of another kind, by how it begins.
fn unreadable(text: &str) -> TransferError {
    if text.starts_with(r#"{"format":"usher""#) {
        TransferError::Damaged
    } else {
        TransferError::Foreign
    }
}

impl Recipe {
    fn of(derivation: &Derivation) -> Self {
        Self {
            memory_kib: derivation.cost.memory_kib,
            passes: derivation.cost.passes,
            lanes: derivation.cost.lanes,
            salt: BASE64_STANDARD.encode(derivation.salt),
        }
    }

    /// Gives the derivation, if it is one that this machine should go through.
    fn read(&self) -> Option<Derivation> {
        let salt: [u8; SALT] = BASE64_STANDARD.decode(&self.salt).ok()?.try_into().ok()?;
        let cost = Cost {
            memory_kib: self.memory_kib,
            passes: self.passes,
            lanes: self.lanes,
        };
        let sensible =
            cost.memory_kib <= MOST.memory_kib && cost.passes <= MOST.passes && cost.lanes <= MOST.lanes;
        sensible.then_some(Derivation { cost, salt })
    }

    /// Gives what the contents are bound to: all that lies in the open.
    fn bound(&self) -> String {
        let Self {
            memory_kib,
            passes,
            lanes,
            salt,
        } = self;
        format!("{FORMAT} {VERSION} {memory_kib} {passes} {lanes} {salt}")
    }
}

const fn cell(bound: &str) -> Cell<'_> {
    Cell {
        table: "file",
        row: bound,
        column: "contents",
    }
}
