//! Where a token of somebody else comes from that speaks for whoever asks: the platform's, or the company's.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::MachineError;
use crate::{
    base::Secret,
    oauth::sealing::{self, is_token},
    ports::files,
};

/// The longest token that is read from a file, in bytes.
const LIMIT: u64 = 16 * 1024;

/// A token that was pasted once, or a file that is read at each request for it.
#[derive(Debug, Clone)]
pub struct TokenSource(pub(super) Source);

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Source {
    Pasted(#[serde(serialize_with = "sealing::text")] Secret<String>),
    File(PathBuf),
}

impl TokenSource {
    /// Takes a token as it is; `None` for a text that is none (RFC 6749 appendix A: VSCHAR).
    pub fn pasted(token: Secret<String>) -> Option<Self> {
        // EXPOSE: only its form is looked at.
        let fits = is_token(token.expose());
        fits.then_some(Self(Source::Pasted(token)))
    }

    /// Takes the place of a file that somebody else keeps fresh.
    pub const fn file(path: PathBuf) -> Self {
        Self(Source::File(path))
    }
}

impl Source {
    /// Gives the file, if it is one.
    pub(super) fn file_name(&self) -> Option<String> {
        match self {
            Self::Pasted(_) => None,
            Self::File(path) => Some(path.display().to_string()),
        }
    }

    /// Gives the token as it is now.
    pub(super) async fn read(&self) -> Result<Secret<String>, MachineError> {
        let path = match self {
            Self::Pasted(token) => return Ok(token.clone()),
            Self::File(path) => path,
        };
        let text = files::read_text(path, LIMIT).await.ok();
        // EXPOSE: only its form is looked at.
        let token = text.filter(|text| is_token(text.expose()));
        token.ok_or_else(|| MachineError::NoToken { path: path.clone() })
    }
}
