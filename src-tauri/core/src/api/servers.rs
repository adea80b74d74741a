//! Calls about the servers the person keeps.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use http::{HeaderName, HeaderValue};

use super::{
    App,
    contract::{
        AppError, EditServer, ErrorCode, EventBody, HeaderEdit, NewHeader, NewServer, ProbeRequest,
        ProbeView, RevocationView, SecretEdit, ServerRef, ServerView,
    },
    errors, views,
};
use crate::{
    base::{AuthKind, ClientId, Reach, Secret, ServerId, ServerUrl},
    detect::{self, Detection, Verdict},
    oauth::Hints,
    servers::{self, SecretChange, Server},
};

/// How many findings are remembered between the dialog and the first sign-in.
const FINDINGS: usize = 64;

/// What is worth remembering while the app runs, and not longer.
#[derive(Default)]
pub(super) struct Memory {
    findings: Mutex<HashMap<ServerUrl, Detection>>,
    revocations: Mutex<HashMap<ServerId, RevocationView>>,
}

impl Memory {
    fn found(&self, url: ServerUrl, detection: Detection) {
        let mut findings = locked(&self.findings);
        if findings.len() >= FINDINGS {
            findings.clear();
        }
        findings.insert(url, detection);
    }

    fn finding(&self, url: &ServerUrl) -> Option<Detection> {
        locked(&self.findings).get(url).cloned()
    }

    /// Gives what detection learnt about signing in at an address.
    pub(super) fn hints(&self, url: &ServerUrl) -> Option<Hints> {
        match self.finding(url)?.verdict {
            Verdict::Known { hints, .. } => Some(hints),
            Verdict::Unsure(_) => None,
        }
    }

    /// Remembers what became of a server's tokens, or forgets it.
    pub(super) fn revoked(&self, server: ServerId, revocation: Option<RevocationView>) {
        let mut revocations = locked(&self.revocations);
        match revocation {
            Some(revocation) => revocations.insert(server, revocation),
            None => revocations.remove(&server),
        };
    }

    pub(super) fn revocation(&self, server: ServerId) -> Option<RevocationView> {
        locked(&self.revocations).get(&server).copied()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl App {
    pub(super) async fn probe(&self, request: ProbeRequest) -> Result<ProbeView, AppError> {
        let url = address(&request.url)?;
        Ok(views::probe(self.detect(&url).await.verdict))
    }

    /// Asks the server at an address; a definite answer is remembered for the sign-in that follows.
    pub(super) async fn detect(&self, url: &ServerUrl) -> Detection {
        let detection = detect::detect(&self.0.http, url).await;
        if matches!(detection.verdict, Verdict::Known { .. }) {
            self.0.memory.found(url.clone(), detection.clone());
        }
        detection
    }

    pub(super) async fn add_server(&self, new: NewServer) -> Result<ServerView, AppError> {
        let url = address(&new.url)?;
        let headers = new
            .headers
            .into_iter()
            .map(header)
            .collect::<Result<Vec<_>, _>>()?;
        let detection = match self.0.memory.finding(&url) {
            Some(finding) => finding,
            None => self.detect(&url).await,
        };
        let (found, offered_scopes) = match detection.verdict {
            Verdict::Known { kind, scopes, .. } => (Some(kind), scopes),
            Verdict::Unsure(_) => (None, None),
        };
        let auth_kind = new.auth_kind.or(found);
        refuse_conflict(auth_kind, headers.iter().map(|(name, _)| name))?;
        let name = named(&new.name, &url);
        let overridden = new.auth_kind.is_some();
        let new = servers::NewServer {
            name,
            url,
            reach: detection.reach,
            auth_kind,
            overridden,
            offered_scopes,
            headers,
        };
        let server = self.0.servers.add(new).await.map_err(errors::of_servers)?;
        self.publish(server.id).await;
        self.server_view(server.id).await
    }

    pub(super) async fn edit_server(&self, edit: EditServer) -> Result<ServerView, AppError> {
        let server = self.server(&edit.id).await?;
        let change = self.change(&server, edit).await?;
        let edited = self
            .0
            .servers
            .edit(server.id, change)
            .await
            .map_err(errors::of_servers)?;
        let edited = edited.ok_or_else(|| AppError::new(ErrorCode::ServerGone))?;
        if edited.ends_grants {
            self.leave(server.id).await?;
        }
        if edited.server.url != server.url {
            self.0.connections.forget(server.id).await;
        }
        if edited.reconnect {
            self.0.connections.close(server.id).await;
            self.open_if_wanted(&edited.server).await;
        }
        self.publish(server.id).await;
        self.server_view(server.id).await
    }

    async fn change(&self, server: &Server, edit: EditServer) -> Result<servers::EditServer, AppError> {
        let url = match edit.url.as_deref().map(address).transpose()? {
            Some(url) if url != server.url => Some(self.with_reach(url).await),
            _ => None,
        };
        let headers = edit
            .headers
            .map(|list| list.into_iter().map(edited_header).collect::<Result<Vec<_>, _>>());
        let headers = headers.transpose()?;
        let names = headers
            .as_ref()
            .map(|list| list.iter().map(|(name, _)| name.as_str().to_owned()).collect());
        let names: Vec<String> = names.unwrap_or_else(|| server.header_names.clone());
        let names = names
            .iter()
            .filter_map(|name| name.parse().ok())
            .collect::<Vec<HeaderName>>();
        refuse_conflict(edit.auth_kind.or(server.auth_kind), names.iter())?;
        Ok(servers::EditServer {
            name: edit
                .name
                .filter(|name| !name.trim().is_empty())
                .map(|name| name.trim().to_owned()),
            url,
            auth_kind: edit.auth_kind,
            headers,
            client_id: edit.client_id.map(|id| {
                Some(id.trim().to_owned())
                    .filter(|id| !id.is_empty())
                    .map(ClientId::new)
            }),
            client_secret: secret_change(edit.client_secret),
        })
    }

    async fn with_reach(&self, url: ServerUrl) -> (ServerUrl, Reach) {
        let reach = self.detect(&url).await.reach;
        (url, reach)
    }

    pub(super) async fn delete_server(&self, server: ServerRef) -> Result<ServerView, AppError> {
        let server = self.server(&server.id).await?;
        self.leave(server.id).await?;
        let last = self.server_view(server.id).await?;
        // Nothing that was seen before is told afterwards: the row would come back.
        let _turn = self.0.publishing.lock().await;
        self.0
            .servers
            .delete(server.id)
            .await
            .map_err(errors::of_servers)?;
        self.0.connections.forget(server.id).await;
        self.0.memory.revoked(server.id, None);
        self.0.events.send(EventBody::ServerDeleted {
            id: server.id.to_string(),
        });
        Ok(last)
    }

    /// Finds a server by the identifier the window gave.
    pub(super) async fn server(&self, id: &str) -> Result<Server, AppError> {
        let gone = || AppError::new(ErrorCode::ServerGone);
        let id: ServerId = id.parse().map_err(|_| gone())?;
        self.0
            .servers
            .get(id)
            .await
            .map_err(errors::of_servers)?
            .ok_or_else(gone)
    }
}

fn address(text: &str) -> Result<ServerUrl, AppError> {
    text.parse().map_err(errors::of_address)
}

/// Gives the typed name, or one made from the host.
fn named(name: &str, url: &ServerUrl) -> String {
    let name = name.trim();
    if name.is_empty() {
        url.host()
    } else {
        name.to_owned()
    }
}

fn header(new: NewHeader) -> Result<(HeaderName, Secret<String>), AppError> {
    let name = header_name(&new.name)?;
    check_value(&name, &new.value)?;
    Ok((name, new.value))
}

fn edited_header(edit: HeaderEdit) -> Result<(HeaderName, SecretChange), AppError> {
    let name = header_name(&edit.name)?;
    let change = secret_change(edit.value);
    if let SecretChange::Set(value) = &change {
        check_value(&name, value)?;
    }
    Ok((name, change))
}

fn header_name(name: &str) -> Result<HeaderName, AppError> {
    name.trim()
        .parse()
        .map_err(|_| AppError::new(ErrorCode::HeaderInvalid).with("name", name))
}

fn check_value(name: &HeaderName, value: &Secret<String>) -> Result<(), AppError> {
    // EXPOSE: only whether the value can be sent is learnt here.
    match HeaderValue::from_str(value.expose()) {
        Ok(_) => Ok(()),
        Err(_) => Err(AppError::new(ErrorCode::HeaderInvalid).with("name", name)),
    }
}

fn secret_change(edit: SecretEdit) -> SecretChange {
    match edit {
        SecretEdit::Keep => SecretChange::Keep,
        SecretEdit::Set { value } => SecretChange::Set(value),
        SecretEdit::Clear => SecretChange::Clear,
    }
}

/// A configured `Authorization` header and a sign-in exclude each other.
fn refuse_conflict<'a>(
    kind: Option<AuthKind>,
    mut headers: impl Iterator<Item = &'a HeaderName>,
) -> Result<(), AppError> {
    if kind == Some(AuthKind::Oauth) && headers.any(|name| name == http::header::AUTHORIZATION) {
        return Err(AppError::new(ErrorCode::HeaderConflict));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_without_a_name_is_named_after_its_host() {
        let url = address("https://mcp.example.com/mcp").expect("a well-formed address");
        assert_eq!(named("  ", &url), "mcp.example.com");
        assert_eq!(named(" Mine ", &url), "Mine");
    }

    #[test]
    fn a_header_that_cannot_be_sent_is_refused_without_its_value() {
        let new = NewHeader {
            name: "X-Key".to_owned(),
            value: Secret::new("line\nbreak".to_owned()),
        };
        let error = header(new).expect_err("a line break cannot be sent");
        assert_eq!(error.code, ErrorCode::HeaderInvalid);
        assert!(
            !format!("{error:?}").contains("break"),
            "the value is nobody's business"
        );
    }

    #[test]
    fn an_authorization_header_and_a_sign_in_exclude_each_other() {
        let names = [http::header::AUTHORIZATION];
        assert!(refuse_conflict(Some(AuthKind::Oauth), names.iter()).is_err());
        assert!(refuse_conflict(Some(AuthKind::Header), names.iter()).is_ok());
    }
}
