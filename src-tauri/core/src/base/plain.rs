//! The plain form of secrets on their way into a seal and out of one, and nowhere else.

use std::io;

use serde::{Serialize, Serializer};

use super::Secret;

/// Gives the plain bytes to seal, in one buffer of the right size: one that grows leaves copies of secrets behind.
pub fn to_json(value: &impl Serialize) -> Secret<Vec<u8>> {
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

/// Writes a secret into the bytes to seal.
pub fn text<S: Serializer>(secret: &Secret<String>, to: S) -> Result<S::Ok, S::Error> {
    // EXPOSE: the bytes are sealed before they reach the disk.
    secret.expose().serialize(to)
}

/// Writes a secret that may be missing into the bytes to seal.
pub fn optional_text<S: Serializer>(secret: &Option<Secret<String>>, to: S) -> Result<S::Ok, S::Error> {
    // EXPOSE: the bytes are sealed before they reach the disk.
    secret.as_ref().map(Secret::expose).serialize(to)
}
