//! The plain form of secrets on their way into and out of a sealed column, and nowhere else.

use serde::de::DeserializeOwned;

use super::flaw::NotAllowed;
use crate::base::Secret;

pub(super) use crate::base::plain::{optional_text, text, to_json};

/// A sealed value opened well and still is not what this version wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored value is not readable")]
pub struct Unreadable;

/// Reads the plain bytes of an opened seal.
pub(super) fn from_json<T: DeserializeOwned>(json: &Secret<Vec<u8>>) -> Result<T, Unreadable> {
    // EXPOSE: read back into secrets at once.
    serde_json::from_slice(json.expose()).map_err(|_| Unreadable)
}

/// Refuses a text that cannot be a token, code, identifier or secret: those are visible ASCII and at most 16 KiB
/// (RFC 6749 appendix A: VSCHAR; S25).
pub(super) fn check_token(text: &str) -> Result<(), NotAllowed> {
    match text.len() {
        0 => Err(NotAllowed::Empty),
        length if length > 16 * 1024 => Err(NotAllowed::TooLong),
        _ if text.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) => Ok(()),
        _ => Err(NotAllowed::Characters),
    }
}

/// Tells whether a text may be a token, code, identifier or secret.
pub fn is_token(text: &str) -> bool {
    check_token(text).is_ok()
}
