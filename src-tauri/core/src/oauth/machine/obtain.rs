//! Asking for a token, at first and again.

use super::{Client, Grant, Machine, MachineError, MachineGrant, TokenPlace, source::Source};
use crate::{
    base::{Scopes, Secret},
    oauth::{
        Asking, Decision, DocumentKind, Flawed, GrantClient, Granted, RefreshError, Tokens, refresh,
        token::{self, Fresh, TokenError},
        token_endpoint::Reply,
    },
    ports::{
        HttpError,
        http::{self, Answer},
    },
};

/// A token of somebody else as the authorization grant (RFC 7523 §2.1).
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// One token for another (RFC 8693 §2.1).
const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// What is given in an exchange (RFC 8693 §3).
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
/// What is wanted of it: an identity assertion that is an authorization grant elsewhere (draft-ietf-oauth-identity-assertion-authz-grant §3).
const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";

impl TokenPlace {
    /// Asks for tokens. What is needed to ask again is pinned in what comes of it (S4).
    pub async fn obtain(
        self,
        asking: &Asking<'_>,
        client: Client,
        grant: MachineGrant,
    ) -> Result<Granted, MachineError> {
        if let Some(algorithm) = client.algorithm().filter(|own| !self.server.takes(own)) {
            asking.http.decided(Decision::AlgorithmNotTaken {
                algorithm: algorithm.to_owned(),
            });
            let host = self.token_host();
            return Err(MachineError::AlgorithmNotTaken { host, algorithm });
        }
        self.note_exceptions(asking.http, &client);
        let machine = Machine {
            grant: grant.0,
            scopes: self.scopes.clone(),
        };
        let client = self.client(client, Some(machine.clone()));
        let fresh = machine.ask(asking, &client).await?;
        Ok(Granted {
            issuer: client.issuer().clone(),
            resource: client.resource().clone(),
            scopes: fresh.scopes.or(self.scopes).unwrap_or_default(),
            tokens: fresh.tokens,
            client,
            identity: None,
        })
    }
}

/// A client that asks for tokens by itself, with all that takes.
#[derive(Debug, Clone, Copy)]
pub struct MachineAsker<'a> {
    client: &'a GrantClient,
    machine: &'a Machine,
}

impl<'a> MachineAsker<'a> {
    pub(in crate::oauth) const fn new(client: &'a GrantClient, machine: &'a Machine) -> Self {
        Self { client, machine }
    }

    /// Asks once more as the first time: where that was, and as whom.
    pub async fn ask_again(self, asking: &Asking<'_>) -> Result<Tokens, RefreshError> {
        let asked = self.machine.ask(asking, self.client).await;
        let asked = asked.map(|fresh| fresh.tokens);
        let asked = asked.map_err(|error| error.verdict(self.client.reach()));
        if let Err(error) = &asked {
            refresh::note(asking.http, error, None);
        }
        asked
    }
}

impl Machine {
    /// Asks once. A refresh token is not taken: whatever could be had with it can be asked for anew (RFC 6749 §4.4.3).
    async fn ask(&self, asking: &Asking<'_>, client: &GrantClient) -> Result<Fresh, MachineError> {
        let assertion = self.assertion(asking, client).await?;
        let mut pairs = match &assertion {
            None => vec![("grant_type", "client_credentials")],
            // EXPOSE: it was made or given for this issuer.
            Some(assertion) => vec![("grant_type", JWT_BEARER), ("assertion", assertion.expose())],
        };
        let scope = scope(self.scopes.as_ref());
        pairs.extend(scope.as_deref().map(|scope| ("scope", scope)));
        if let Some(key) = &client.0.key {
            let algorithm = key.algorithm().to_owned();
            asking.http.decided(Decision::AssertionSigned { algorithm });
        }
        let reply = asking.ask(client, &pairs).await;
        let Reply { answer, outcome } = reply.map_err(|source| unasked(asking, client, source))?;
        let mut fresh = outcome.map_err(|error| {
            let told = code(&error);
            asking.http.decided(Decision::TokensRefused { error: told });
            refused(asking, (client, &answer), error)
        })?;
        asking.http.decided(Decision::TokensGiven {});
        fresh.tokens.refresh = None;
        Ok(fresh)
    }

    /// Gives what is shown in the place of a person's consent; nothing where the client speaks for itself.
    async fn assertion(
        &self,
        asking: &Asking<'_>,
        client: &GrantClient,
    ) -> Result<Option<Secret<String>>, MachineError> {
        match &self.grant {
            Grant::ClientCredentials => {
                let client_id = client.client_id().as_str().to_owned();
                asking.http.decided(Decision::ClientAsks { client_id });
                Ok(None)
            }
            Grant::PlatformToken(source) => {
                let token = read(source, asking).await?;
                asking.http.decided(Decision::PlatformTokenShown {
                    file: source.file_name(),
                });
                Ok(Some(token))
            }
            Grant::Company { idp, token } => {
                let token = read(token, asking).await?;
                let idp = GrantClient((**idp).clone());
                self.exchange(asking, (&idp, &token), client).await.map(Some)
            }
        }
    }

    /// Exchanges an ID token for leave to ask this issuer for tokens for this resource (RFC 8693 §2.1).
    async fn exchange(
        &self,
        asking: &Asking<'_>,
        (idp, token): (&GrantClient, &Secret<String>),
        client: &GrantClient,
    ) -> Result<Secret<String>, MachineError> {
        let mut pairs = vec![
            ("grant_type", TOKEN_EXCHANGE),
            ("requested_token_type", ID_JAG),
            ("audience", client.issuer().as_str()),
            // EXPOSE: the ID token goes back to the provider that made it.
            ("subject_token", token.expose()),
            ("subject_token_type", ID_TOKEN),
        ];
        let scope = scope(self.scopes.as_ref());
        pairs.extend(scope.as_deref().map(|scope| ("scope", scope)));
        let request = idp.token_request(&pairs, asking.now);
        let answer = asking.http.send(request, idp.reach()).await;
        let answer = answer.map_err(|source| unasked(asking, idp, source))?;
        let issuer = idp.issuer().to_string();
        match token::read_exchanged(&answer, idp.token_endpoint(), ID_JAG) {
            Ok(assertion) => {
                asking.http.decided(Decision::CompanyVouches { issuer });
                Ok(assertion)
            }
            Err(error) => {
                let told = code(&error);
                asking
                    .http
                    .decided(Decision::CompanyRefuses { issuer, error: told });
                Err(refused(asking, (idp, &answer), error))
            }
        }
    }
}

async fn read(source: &Source, asking: &Asking<'_>) -> Result<Secret<String>, MachineError> {
    let read = source.read().await;
    if let Err(MachineError::NoToken { path }) = &read {
        let path = path.display().to_string();
        asking.http.decided(Decision::TokenFileUnreadable { path });
    }
    read
}

fn scope(scopes: Option<&Scopes>) -> Option<String> {
    scopes.filter(|scopes| !scopes.is_empty()).map(Scopes::to_string)
}

fn unasked(asking: &Asking<'_>, client: &GrantClient, source: HttpError) -> MachineError {
    let host = client.token_host();
    match source {
        HttpError::TooLarge => {
            let flawed = Flawed::too_large(DocumentKind::Tokens, client.token_endpoint());
            asking.http.decided(flawed.decision());
            MachineError::BadAnswer(flawed)
        }
        source => MachineError::Http { host, source },
    }
}

fn code(error: &TokenError) -> Option<String> {
    match error {
        TokenError::Refused(error) => Some(error.clone()),
        TokenError::NoReason(_) | TokenError::NoAnswer | TokenError::Bad(_) => None,
    }
}

fn refused(
    asking: &Asking<'_>,
    (client, answer): (&GrantClient, &Answer),
    error: TokenError,
) -> MachineError {
    let host = client.token_host();
    let retry_after = refresh::retry_after(&answer.headers, asking.now);
    if let TokenError::Bad(flawed) | TokenError::NoReason(flawed) = &error {
        asking.http.decided(flawed.decision());
    }
    match error {
        TokenError::Bad(flawed) => MachineError::BadAnswer(flawed),
        TokenError::NoReason(flawed) => MachineError::NoReason { flawed, retry_after },
        TokenError::Refused(error) if error == "invalid_client" => MachineError::InvalidClient { host },
        TokenError::Refused(error) => MachineError::Refused {
            host,
            error,
            retry_after,
        },
        TokenError::NoAnswer if http::is_of_the_network(answer.status) => MachineError::Portal { host },
        TokenError::NoAnswer => MachineError::NoAnswer { host, retry_after },
    }
}
