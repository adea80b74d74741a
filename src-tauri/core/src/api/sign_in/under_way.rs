//! Calls about a sign-in that is under way, and the answers that come to it by link or by hand.

use url::Url;

use crate::{
    api::{
        App,
        contract::{AppError, ErrorCode, PastedAddress, SignInLink, SignInRef},
    },
    base::SignInId,
    oauth::Arrival,
    sign_in::{DEEP_LINK, Outcome, ReopenError},
};

/// The longest link that is looked at (S18).
const LINK_LIMIT: usize = 8 * 1024;

impl App {
    /// Takes a link of our scheme. Anything but the answer to a waiting sign-in is dropped (S18), and does not count as the
    /// person's being here: any page can open such a link.
    pub async fn deep_link(&self, link: &str) {
        let Some(url) = our_link(link) else {
            tracing::warn!("a link that is not an answer to a sign-in was dropped");
            return;
        };
        self.lock_if_left().await;
        if self.0.sign_ins.answer(&url, Arrival::DeepLink).await == Outcome::UnknownState {
            tracing::warn!("a link that belongs to no waiting sign-in was dropped");
        }
    }

    pub(in crate::api) async fn reopen_browser(&self, sign_in: SignInRef) -> Result<(), AppError> {
        self.0
            .sign_ins
            .reopen(id(&sign_in)?)
            .await
            .map_err(|error| match error {
                ReopenError::NotWaiting(_) => AppError::new(ErrorCode::NoSignIn),
                ReopenError::Browser(_) => AppError::new(ErrorCode::BrowserClosed),
            })
    }

    pub(in crate::api) fn sign_in_link(&self, sign_in: &SignInRef) -> Result<SignInLink, AppError> {
        let link = self
            .0
            .sign_ins
            .link(id(sign_in)?)
            .map_err(|_| AppError::new(ErrorCode::NoSignIn))?;
        Ok(SignInLink { url: link.into() })
    }

    pub(in crate::api) async fn try_another_way(&self, sign_in: SignInRef) -> Result<(), AppError> {
        self.0
            .sign_ins
            .try_another_way(id(&sign_in)?)
            .await
            .map_err(|_| AppError::new(ErrorCode::NoSignIn))
    }

    /// Takes a pasted address; it must answer a sign-in of this machine (S23).
    pub(in crate::api) async fn paste_answer(&self, pasted: PastedAddress) -> Result<(), AppError> {
        // EXPOSE: the address is parsed here; it goes to the sign-in it belongs to and nowhere else.
        let text = pasted.address.expose().trim();
        let unknown = || AppError::new(ErrorCode::PastedAddressUnknown);
        let url = Url::parse(text)
            .ok()
            .filter(|_| text.len() <= LINK_LIMIT)
            .ok_or_else(unknown)?;
        match self.0.sign_ins.answer(&url, Arrival::Paste).await {
            Outcome::UnknownState | Outcome::MissingParameters | Outcome::IssuerMismatch { .. } => {
                Err(unknown())
            }
            _ => Ok(()),
        }
    }

    pub(in crate::api) async fn cancel_sign_in(&self, sign_in: SignInRef) -> Result<(), AppError> {
        self.0
            .sign_ins
            .cancel(id(&sign_in)?)
            .await
            .map_err(|_| AppError::new(ErrorCode::NoSignIn))
    }
}

fn id(sign_in: &SignInRef) -> Result<SignInId, AppError> {
    sign_in.id.parse().map_err(|_| AppError::new(ErrorCode::NoSignIn))
}

/// Reads a link if it is exactly ours: scheme, host and path, no credentials, no fragment, at most 8 KiB.
fn our_link(link: &str) -> Option<Url> {
    let url = Url::parse(link).ok().filter(|_| link.len() <= LINK_LIMIT)?;
    let way = link.split_once('?').map_or(link, |(way, _)| way);
    (way == DEEP_LINK && url.fragment().is_none()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s18_only_our_own_route_is_a_link() {
        assert!(
            our_link("dev.usher.desktop://oauth/callback?code=a&state=b").is_some(),
            "the one route"
        );
        for link in [
            "dev.usher.desktop://oauth/callback/more?code=a&state=b",
            "dev.usher.desktop://oauth@evil/callback?code=a",
            "dev.usher.desktop://oauth:1/callback?code=a",
            "dev.usher.desktop://evil/callback?code=a",
            "dev.usher.desktop://oauth/callback?code=a#fragment",
            "https://oauth/callback?code=a",
            "",
        ] {
            assert!(our_link(link).is_none(), "{link} is not ours");
        }
        let long = format!("{DEEP_LINK}?code={}", "a".repeat(LINK_LIMIT));
        assert!(our_link(&long).is_none(), "over-long links are dropped");
    }
}
