//! Making a file.

use std::path::PathBuf;

use super::{
    Exported, Luggage, Transfer, TransferError, Undone, check,
    contents::{Carried, Client, Contents, Entry, Header, Method},
    file::{LIMIT, Seal},
    name::names,
};
use crate::{
    base::{Secret, ServerId, plain},
    grants::{HandedOver, Interrupted},
    ports::{NewFile, NewFileError},
    servers::{Credentials, Server, ServersError, SignInMethod},
};

/// What is on its way.
#[derive(Default)]
struct Leaving {
    /// The names that the servers have here, in their order.
    ids: Vec<ServerId>,
    servers: Vec<Entry>,
    /// How many accounts stay that were to go along.
    staying: usize,
}

impl Leaving {
    fn add(&mut self, id: ServerId, entry: Entry) {
        self.ids.push(id);
        self.servers.push(entry);
    }
}

impl Transfer {
    /// Puts the servers into a new file in the person's folder. Accounts that move are handed over first, durably; if the
    /// file cannot be made they are taken back. No backup from before outlives the file.
    pub async fn export(&self, passphrase: &Secret<String>, luggage: Luggage) -> Result<Exported, Undone> {
        let seal = Seal::new(passphrase, self.cost).await?;
        let file = NewFile::begin(&self.around.folder).await;
        let file = file.map_err(|error| self.unwritten(error))?;
        let mut leaving = Leaving::default();
        if let Err(error) = self.collect(luggage, &mut leaving).await {
            return Err(self.undo(error, (&leaving.ids, &leaving.servers)).await);
        }
        let Leaving {
            ids,
            servers,
            staying,
        } = leaving;
        let made_at = self.around.clock.now();
        let contents = Contents { made_at, servers };
        match self.write(file, seal, &contents).await {
            Ok(path) => Ok(Exported {
                path,
                servers: contents.servers.len(),
                accounts: contents.servers.iter().map(|entry| entry.accounts.len()).sum(),
                staying,
            }),
            Err(error) => Err(self.undo(error, (&ids, &contents.servers)).await),
        }
    }

    async fn write(&self, file: NewFile, seal: Seal, contents: &Contents) -> Result<PathBuf, TransferError> {
        let plain = plain::to_json(contents);
        check::contents(&plain)?;
        let text = seal.seal(&plain);
        if text.len() > LIMIT {
            return Err(TransferError::TooLarge);
        }
        if contents.servers.iter().any(|entry| !entry.accounts.is_empty()) {
            // Put back later, one from before would use tokens that are another computer's.
            self.around.store.back_up_endings(contents.made_at).await?;
        }
        let finished = file.finish(text.into_bytes(), names(contents.made_at)).await;
        finished.map_err(|error| self.unwritten(error))
    }

    /// Takes back what was handed over, as far as that can be written down.
    async fn undo(&self, error: TransferError, (ids, entries): (&[ServerId], &[Entry])) -> Undone {
        let (mut servers, mut away) = (Vec::new(), Vec::new());
        for (id, entry) in ids.iter().zip(entries) {
            if !entry.accounts.is_empty() {
                servers.push(*id);
                away.extend(self.around.grants.call_back(*id, &entry.accounts).await);
            }
        }
        Undone { error, servers, away }
    }

    fn unwritten(&self, source: NewFileError) -> TransferError {
        TransferError::Unwritten {
            folder: self.around.folder.clone(),
            source,
        }
    }

    async fn collect(&self, luggage: Luggage, leaving: &mut Leaving) -> Result<(), TransferError> {
        for server in self.around.servers.list().await? {
            let id = server.id;
            match (self.entry(server, luggage).await?, luggage) {
                (Some(entry), Luggage::None) => leaving.add(id, entry),
                (Some(entry), Luggage::Accounts) => self.hand_over(leaving, (id, entry)).await?,
                (None, Luggage::None) => {}
                (None, Luggage::Accounts) => leaving.staying += self.around.grants.accounts(id).await?.len(),
            }
        }
        Ok(())
    }

    /// Hands a server's accounts over. It is the last that is done about it: nothing else may fail once they are.
    async fn hand_over(
        &self,
        leaving: &mut Leaving,
        (id, mut entry): (ServerId, Entry),
    ) -> Result<(), TransferError> {
        let handed = self.around.grants.hand_over(id, &entry.url).await;
        let (handed, outcome) = match handed {
            Ok(handed) => (handed, Ok(())),
            Err(Interrupted { gone, error }) => (HandedOver { gone, staying: 0 }, Err(error.into())),
        };
        entry.accounts = handed.gone;
        leaving.staying += handed.staying;
        leaving.add(id, entry);
        outcome
    }

    /// Makes the entry of a server, without its accounts; one that could not be taken in again stays.
    async fn entry(&self, server: Server, luggage: Luggage) -> Result<Option<Entry>, TransferError> {
        let id = server.id;
        let bare = Entry {
            client: server.client_id.clone().map(|id| Client {
                id,
                secret: None,
                issuer: server.provider.client_issuer.clone(),
            }),
            headers: Vec::new(),
            method: self.method(server.id).await?,
            accounts: Vec::new(),
            name: server.name,
            url: server.url,
            auth_kind: server.auth_kind,
            overridden: server.overridden,
            offered: server.provider.offered,
            way_back: server.way_back,
            exceptions: server.exceptions,
            offered_scopes: server.offered_scopes,
            chosen_scopes: server.chosen_scopes,
        };
        let entry = match luggage {
            Luggage::None => bare,
            Luggage::Accounts => self.with_secrets(id, bare).await?,
        };
        if check::entry(&plain::to_json(&entry)).is_err() {
            tracing::warn!(server = %id, "a stored server makes no sense and stays out of the file");
            return Ok(None);
        }
        Ok(Some(entry))
    }

    /// Adds what is typed in and secret. What cannot be decrypted stays behind.
    async fn with_secrets(&self, id: ServerId, mut entry: Entry) -> Result<Entry, TransferError> {
        let servers = &self.around.servers;
        let headers = readable(servers.headers(id).await)?.unwrap_or_default();
        let header = |(name, value): (http::HeaderName, _)| Header {
            name: name.as_str().to_owned(),
            value,
        };
        entry.headers = headers.into_iter().map(header).collect();
        if let Some(client) = &mut entry.client {
            client.secret = readable(servers.client_secret(id).await)?.flatten();
        }
        if let Some(Credentials { method, issuer }) = readable(servers.credentials(id).await)?.flatten() {
            entry.method = carried(method, Some).map(|how| Method { how, issuer });
        }
        Ok(entry)
    }

    /// Gives how one signs in without a person, without the secrets.
    async fn method(&self, id: ServerId) -> Result<Option<Method>, TransferError> {
        let method = readable(self.around.servers.sign_in_method(id).await)?.flatten();
        let how = method.and_then(|method| carried(method, |()| None));
        Ok(how.map(|how| Method { how, issuer: None }))
    }
}

/// Leaves behind what cannot be read.
fn readable<T>(read: Result<T, ServersError>) -> Result<Option<T>, TransferError> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(ServersError::Broken) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn carried<S>(
    method: SignInMethod<S>,
    secret: impl Fn(S) -> Option<Secret<String>>,
) -> Option<SignInMethod<Carried>> {
    let each = |_, value| Ok(Some(Carried(secret(value))));
    method.try_map(each, |_| ()).ok()
}
