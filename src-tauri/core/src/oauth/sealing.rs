//! The plain form of secrets on their way into and out of a sealed column, and nowhere else.

use std::io;

use serde::{Serialize, Serializer, de::DeserializeOwned};

use super::flaw::NotAllowed;
use crate::base::Secret;

/// A sealed value opened well and still is not what this version wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored value is not readable")]
pub struct Unreadable;

/// Gives the plain bytes to seal, in one buffer of the right size: one that grows leaves copies of secrets behind.
pub(super) fn to_json(value: &impl Serialize) -> Secret<Vec<u8>> {
    let mut length = Length(0);
    serde_json::to_writer(&mut length, value).expect("string-keyed structures always have a JSON form");
    let mut json = Vec::with_capacity(length.0);
    serde_json::to_writer(&mut json, value).expect("string-keyed structures always have a JSON form");
    Secret::new(json)
}

/// Counts what is written and keeps nothing.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads the plain bytes of an opened seal.
pub(super) fn from_json<T: DeserializeOwned>(json: &Secret<Vec<u8>>) -> Result<T, Unreadable> {
    // EXPOSE: read back into secrets at once.
    serde_json::from_slice(json.expose()).map_err(|_| Unreadable)
}

/// Writes a secret into the bytes to seal.
pub(super) fn text<S: Serializer>(secret: &Secret<String>, to: S) -> Result<S::Ok, S::Error> {
    // EXPOSE: the bytes are sealed before they reach the disk.
    secret.expose().serialize(to)
}

/// Writes a secret that may be missing into the bytes to seal.
pub(super) fn optional_text<S: Serializer>(
    secret: &Option<Secret<String>>,
    to: S,
) -> Result<S::Ok, S::Error> {
    // EXPOSE: the bytes are sealed before they reach the disk.
    secret.as_ref().map(Secret::expose).serialize(to)
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
pub(super) fn is_token(text: &str) -> bool {
    check_token(text).is_ok()
}
