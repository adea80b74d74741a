//! Strings of the protocol that are compared byte by byte and sent on exactly as they came.
//!
//! None of them is kept as a URL type: parsing and printing a URL may add a slash or change a case, and
//! RFC 8414 §3.3, RFC 9207 §2.4 and RFC 8707 §2 compare the raw text.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is; nothing is normalised.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// Gives the text as it came.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.0)
            }
        }
    };
}

text!(
    /// An authorization server's issuer identifier (RFC 8414 §2).
    Issuer
);
text!(
    /// A protected resource's identifier, the value of the `resource` parameter (RFC 8707 §2, RFC 9728 §2).
    Resource
);
text!(
    /// Where the authorization server sends the browser back to (RFC 6749 §3.1.2).
    RedirectUri
);
text!(
    /// Our name at one issuer (RFC 6749 §2.2); public.
    ClientId
);
text!(
    /// A person's identifier at one issuer, `sub` (OpenID Connect Core §2); it says nothing at another.
    Subject
);
