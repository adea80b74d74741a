//! Taking a file in.

use super::{
    Imported, Opened, OpenedServer, Transfer, TransferError, check,
    contents::{Contents, Entry},
    file,
};
use crate::{
    base::{AuthKind, Secret, ServerId},
    grants::{Admitted, Arriving, Namesake, Takes},
    servers::Server,
    store::{StoreError, Write},
};

impl Transfer {
    /// Tells what a file would bring; nothing is changed.
    pub async fn open(&self, text: &str, passphrase: &Secret<String>) -> Result<Opened, TransferError> {
        let contents = read(text, passphrase).await?;
        let known = self.around.servers.list().await?;
        let servers = contents.servers.iter().map(|entry| OpenedServer {
            name: entry.shown_name(),
            url: entry.url.clone(),
            accounts: entry.accounts.len(),
            secret: entry.has_secret(),
            known: known.iter().any(|server| server.url == entry.url),
        });
        Ok(Opened {
            made_at: contents.made_at,
            servers: servers.collect(),
        })
    }

    /// Takes everything in that is not here yet: all of it, or nothing; an account that makes no sense costs itself only. No
    /// server is connected by that, and one that is used as an account that came is not wanted connected any more.
    pub async fn import(&self, text: &str, passphrase: &Secret<String>) -> Result<Imported, TransferError> {
        let contents = read(text, passphrase).await?;
        let mut within = self.around.store.write().await?;
        let known = self.around.servers.list_within(&mut within).await?;
        let mut imported = Imported::default();
        for entry in contents.servers {
            self.take_in(&mut within, entry, (&known, &mut imported)).await?;
        }
        within.commit().await.map_err(StoreError::from)?;
        self.around.grants.arrived(&imported.accounts.arrived);
        Ok(imported)
    }

    async fn take_in(
        &self,
        within: &mut Write,
        mut entry: Entry,
        (known, imported): (&[Server], &mut Imported),
    ) -> Result<(), TransferError> {
        let (url, name, accounts) = (
            entry.url.clone(),
            entry.shown_name(),
            std::mem::take(&mut entry.accounts),
        );
        let here: Vec<_> = known.iter().filter(|server| server.url == url).collect();
        // Of several with one address it is the one with the same name.
        let same = here.iter().find(|server| server.name == name);
        let wants_sign_in = entry.wants_sign_in();
        let server = match same.or(here.first()) {
            Some(server) => server.id,
            None => self.around.servers.admit(within, check::server(entry)?).await?,
        };
        let at = Arriving {
            server,
            url: &url,
            namesakes: &namesakes(server, &here),
        };
        let admitted = self.around.grants.admit(within, at, accounts).await?;
        for arrived in admitted.arrived.iter().filter(|arrived| arrived.is_default) {
            // Nobody whom the file names is asked before the person connects it.
            self.around.servers.rest(within, arrived.server).await?;
        }
        imported.count(
            server,
            here.is_empty(),
            wants_sign_in && admitted.arrived.is_empty(),
        );
        imported.count_accounts(admitted);
        Ok(())
    }
}

/// Gives whose accounts each server with the address takes; without any the new one is alone.
fn namesakes(new: ServerId, here: &[&Server]) -> Vec<Namesake> {
    if here.is_empty() {
        return vec![Namesake {
            server: new,
            takes: Takes::Any,
        }];
    }
    let namesake = |server: &&Server| Namesake {
        server: server.id,
        takes: takes(server),
    };
    here.iter().map(namesake).collect()
}

/// Tells whose accounts a server that is here takes. One that nobody uses yet is as good as new, unless it has named issuers, or is
/// known to want something else than a sign-in.
fn takes(server: &Server) -> Takes {
    let may_be_signed_in_to = server.auth_kind.is_none_or(|kind| kind == AuthKind::Oauth);
    match &server.provider.agreed {
        Some(agreed) => Takes::Agreed(agreed.issuer.clone()),
        None if !server.wanted && may_be_signed_in_to => Takes::Unused(server.provider.offered.clone()),
        None => Takes::Known,
    }
}

impl Imported {
    fn count(&mut self, server: ServerId, is_new: bool, needs_sign_in: bool) {
        if is_new {
            self.added.push(server);
            self.needs_sign_in += usize::from(needs_sign_in);
        } else {
            self.known += 1;
        }
    }

    fn count_accounts(&mut self, admitted: Admitted) {
        self.accounts.arrived.extend(admitted.arrived);
        self.accounts.known += admitted.known;
        self.accounts.left_out += admitted.left_out;
        self.accounts.damaged += admitted.damaged;
    }
}

async fn read(text: &str, passphrase: &Secret<String>) -> Result<Contents, TransferError> {
    check::contents(&file::open(text, passphrase).await?)
}
