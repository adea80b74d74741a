//! A value that must not be seen: not in logs, not in errors, not over the contract.

use std::fmt;

use serde::{Deserialize, Deserializer};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// Holds a value that is wiped from memory when dropped and that no formatter prints.
///
/// There is deliberately no `Serialize`, no `Display`, no `Deref`: the one way to the value is
/// [`Secret::expose`], and each call of it stands under a comment that starts with `EXPOSE:`.
#[derive(Clone)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Takes a value into keeping.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Shows the value; each use says why in an `EXPOSE:` comment.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<T: Zeroize> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<'de, T: Zeroize + Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::deserialize(from).map(Self)
    }
}

impl<T: Zeroize + AsRef<[u8]>> PartialEq for Secret<T> {
    /// Compares in time that depends on the lengths alone.
    fn eq(&self, other: &Self) -> bool {
        self.0.as_ref().ct_eq(other.0.as_ref()).into()
    }
}

impl<T: Zeroize + AsRef<[u8]>> Eq for Secret<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_the_value() {
        let shown = format!("{:?}", Some(Secret::new("hunter2".to_owned())));
        assert!(
            !shown.contains("hunter2"),
            "the value must not be printable: {shown}"
        );
    }

    #[test]
    fn secrets_compare_by_value() {
        let one = Secret::new("a".to_owned());
        assert!(one == Secret::new("a".to_owned()), "equal values are equal");
        assert!(one != Secret::new("b".to_owned()), "different values differ");
    }
}
