//! What is decided on the way to a grant, each with the rule it follows.
//!
//! A new decision is a line here and a sentence in `ui/locales/en.ftl` (`trace-decided-…`), and is noted where the code
//! decides: `http.decided(Decision::…)`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::oauth::Flaw;

/// Where resource metadata was found (RFC 9728 §3, §5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MetadataPlace {
    /// Where the challenge said.
    Challenge,
    /// At the well-known place of the server's path.
    Path,
    /// At the well-known place of the server's root.
    Root,
}

/// Who named the scopes that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ScopeSource {
    /// The server's challenge.
    Challenge,
    /// The resource metadata.
    ResourceMetadata,
    /// The person.
    Person,
    /// Nobody: the authorization server chooses.
    Nobody,
}

/// How an answer came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Arrival {
    /// By a link of our scheme.
    DeepLink,
    /// At the loopback listener.
    Loopback,
    /// The person pasted the address.
    Paste,
}

/// What a decision does about its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Follows,
    Refuses,
    Excepts,
}

macro_rules! verb {
    (follows) => {
        Verb::Follows
    };
    (refuses) => {
        Verb::Refuses
    };
    (excepts) => {
        Verb::Excepts
    };
}

macro_rules! decisions {
    ($($(#[doc = $doc:literal])+ $name:ident { $($field:ident: $type:ty),* } $verb:ident $rule:literal;)*) => {
        /// A decision. Its texts are shown: never a secret, and an address without its query.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
        #[expect(missing_docs, reason = "a decision's own line says what its values are")]
        pub enum Decision {
            $($(#[doc = $doc])+ $name { $($field: $type),* },)*
        }

        impl Decision {
            /// Gives the rule it follows, as a citation.
            pub const fn rule(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $rule,)*
                }
            }

            /// Tells whether something was refused.
            pub const fn is_refusal(&self) -> bool {
                matches!(self.verb(), Verb::Refuses)
            }

            /// Tells whether the person's exception was made use of.
            pub const fn is_exception(&self) -> bool {
                matches!(self.verb(), Verb::Excepts)
            }

            const fn verb(&self) -> Verb {
                match self {
                    $(Self::$name { .. } => verb!($verb),)*
                }
            }
        }
    };
}

decisions! {
    /// The person says that one signs in to this server, whatever it answers.
    KindChosen {} excepts "MCP authorization, protocol requirements";
    /// The server's challenge was read, and hinted at this.
    ChallengeRead { resource_metadata: Option<String>, scope: Option<String> } follows "RFC 9728 §5.1";
    /// No challenge hints at anything: the well-known places are asked.
    ChallengeAbsent {} follows "RFC 9728 §3.1";
    /// The resource metadata was found.
    ResourceMetadataFound { url: String, place: MetadataPlace } follows "RFC 9728 §3.1";
    /// The server publishes no resource metadata.
    ResourceMetadataAbsent {} follows "MCP authorization, server discovery";
    /// The metadata speaks for this server.
    ResourceAccepted { resource: String } follows "RFC 9728 §3.3";
    /// The metadata speaks for another server.
    ResourceForeign { resource: String, server: String } refuses "RFC 9728 §3.3";
    /// What the server says about itself breaks its specification.
    ResourceMetadataFlawed { url: String, flaw: Flaw } refuses "RFC 9728 §3.2";
    /// One of so many authorization servers was chosen.
    IssuerChosen { issuer: String, of: u32 } follows "RFC 9728 §7.6";
    /// The server, or its authorization server, is no longer as the person agreed: they are asked first.
    IssuerChanged { from: String, to: String } refuses "RFC 9700 §4.4";
    /// The metadata names exactly the issuer that was asked for.
    IssuerConfirmed { issuer: String } follows "RFC 8414 §3.3";
    /// The metadata names another issuer than was asked for.
    IssuerDiffers { expected: String, found: Option<String> } refuses "RFC 8414 §3.3";
    /// The metadata names another issuer than was asked for: exactly the one that the person accepts there.
    IssuerAccepted { expected: String, found: String } excepts "RFC 8414 §3.3";
    /// The authorization server's metadata was found at none of the well-known places.
    ServerMetadataAbsent { issuer: String } refuses "RFC 8414 §3.1";
    /// What the authorization server says about itself breaks its specification.
    ServerMetadataFlawed { url: String, flaw: Flaw } refuses "RFC 8414 §3.2";
    /// The metadata at the server's own origin is taken, as servers of 2025-03-26 mean it.
    OriginMetadataTaken { url: String } follows "MCP authorization 2025-03-26, server metadata discovery";
    /// The endpoints that 2025-03-26 assumes are taken.
    EndpointsAssumed { origin: String } follows "MCP authorization 2025-03-26, fallbacks for servers without metadata discovery";
    /// The authorization server promises PKCE with S256.
    PkcePromised {} follows "RFC 7636 §4.2";
    /// The authorization server does not promise PKCE with S256.
    PkceMissing { issuer: String } refuses "MCP authorization, authorization code protection";
    /// The authorization server says nothing about PKCE, and the person lets that pass; S256 is sent all the same.
    PkceUnpromised { issuer: String } excepts "MCP authorization, authorization code protection";
    /// An address must not be asked or opened.
    AddressRefused { url: String } refuses "MCP authorization, communication security";
    /// The scopes to ask for, and who named them.
    ScopesChosen { scopes: Option<String>, from: ScopeSource } follows "MCP authorization, scope selection strategy";
    /// `offline_access` is asked for too: the authorization server lists it.
    OfflineAccessAdded {} follows "OpenID Connect Core §11";
    /// The page is asked with parameters of the person's besides.
    ParametersAdded { names: String } excepts "RFC 6749 §3.1";
    /// No request names the resource, because the person says so.
    ResourceOmitted { resource: String } excepts "RFC 8707 §2";
    /// We prove who we are as the person says, and not as it was registered.
    AuthMethodChosen { method: String } excepts "RFC 7591 §2";
    /// The client that the person registered by hand is used.
    ClientPreRegistered { client_id: String } follows "RFC 6749 §2.2";
    /// Our client ID is the address of a document about us.
    ClientByDocument { client_id: String } follows "MCP authorization, client ID metadata documents";
    /// The client that was registered earlier is used.
    ClientRemembered { client_id: String } follows "RFC 7591 §3.2.1";
    /// A client was registered on the spot.
    ClientRegistered { client_id: String } follows "RFC 7591 §3.2.1";
    /// The authorization server does not know this client of ours any more: it is forgotten here too.
    ClientForgotten { client_id: String } refuses "RFC 6749 §5.2";
    /// The registration was refused.
    ClientRefused { error: Option<String> } refuses "RFC 7591 §3.2.2";
    /// The answer to a registration breaks its specification.
    RegistrationFlawed { url: String, flaw: Flaw } refuses "RFC 7591 §3.2.1";
    /// The authorization server deleted a client of ours that no account uses any more.
    ClientDeleted { client_id: String } follows "RFC 7592 §2.3";
    /// The authorization server did not delete a client of ours.
    ClientNotDeleted { client_id: String } refuses "RFC 7592 §2.3";
    /// The authorization server registers nobody by itself.
    RegistrationAbsent {} refuses "MCP authorization, client registration approaches";
    /// The way back from the browser, and whether it worked there before.
    WayBackChosen { way: String, remembered: bool } follows "RFC 8252 §7";
    /// The authorization server does not take this way back; the next one is tried, if there is one.
    WayBackRefused { way: String } refuses "RFC 7591 §3.2.2";
    /// The page itself does not take this way back, as one learns by asking it.
    WayBackRefusedByPage {} refuses "RFC 6749 §4.1.2.1";
    /// The person wants another way back.
    WayBackLeft { next: String } follows "RFC 8252 §7";
    /// The browser was sent to a page of this host.
    PageOpened { host: String, scopes: Option<String> } follows "RFC 6749 §4.1.1";
    /// The browser could not be opened; the person copies the link.
    PageUnopened { host: String } refuses "RFC 8252 §6";
    /// An answer came back.
    AnswerArrived { by: Arrival } follows "RFC 6749 §4.1.2";
    /// The answer carries the state of this sign-in.
    StateMatched {} follows "RFC 6749 §10.12";
    /// The answer names exactly the issuer that was asked.
    AnswerIssuerMatched { issuer: String } follows "RFC 9207 §2.4";
    /// The answer names no issuer, and this authorization server need not.
    AnswerIssuerUnnamed {} follows "RFC 9207 §2.4";
    /// The answer names another issuer, or none although it must; the sign-in goes on waiting.
    AnswerIssuerDiffers { expected: String, found: Option<String> } refuses "RFC 9207 §2.4";
    /// The state is burnt: no other answer counts any more.
    StateBurnt {} follows "RFC 9700 §4.7.1";
    /// The authorization server reports an error.
    AnswerRefuses { error: String, description: Option<String> } refuses "RFC 6749 §4.1.2.1";
    /// The answer carries neither a code nor an error.
    AnswerIncomplete {} refuses "RFC 6749 §4.1.2";
    /// The code brought tokens.
    CodeExchanged {} follows "RFC 6749 §4.1.4";
    /// The answer that should bring tokens breaks its specification.
    TokensFlawed { url: String, flaw: Flaw } refuses "RFC 6749 §5.1";
    /// The authorization server refuses, and does not say why as it must.
    RefusalFlawed { url: String, flaw: Flaw } refuses "RFC 6749 §5.2";
    /// The ID token that came along breaks its specification: it names nobody.
    IdTokenFlawed { url: String, flaw: Flaw } refuses "OpenID Connect Core §2";
    /// The ID token that came along is not of this issuer, not for us, or too old: it names nobody.
    IdTokenLeftAside {} refuses "OpenID Connect Core §3.1.3.7";
    /// The userinfo endpoint speaks of somebody else than the ID token.
    UserinfoForeign {} refuses "OpenID Connect Core §5.3.2";
    /// The answer of the userinfo endpoint breaks its specification: it names nobody.
    UserinfoFlawed { url: String, flaw: Flaw } refuses "OpenID Connect Core §5.3.2";
    /// The provider said who signed in.
    PersonNamed {} follows "OpenID Connect Core §5.1";
    /// The code brought no tokens.
    CodeRefused { error: Option<String> } refuses "RFC 6749 §5.2";
    /// The tokens are stored: seconds they last, whether they renew themselves, and what for.
    TokensKept { expires_in: Option<u64>, renews: bool, scopes: String } follows "RFC 6749 §5.1";
    /// The person took the sign-in back while its answer was on the way; its tokens are given up.
    TokensTurnedAway {} refuses "RFC 7009 §2";
    /// Whom the server names was never agreed to, and what proves a client would go there: the person is asked first.
    IssuerNotAgreed { issuer: String } refuses "RFC 9700 §4.4";
    /// What proves the client was given for another issuer, and is not shown to this one.
    CredentialsElsewhere { issuer: String, given_for: String } refuses "RFC 9700 §4.4";
    /// No person is asked: the client asks in its own name.
    ClientAsks { client_id: String } follows "RFC 6749 §4.4";
    /// The client signs who it is.
    AssertionSigned { algorithm: String } follows "RFC 7523 §2.2";
    /// The authorization server takes nothing that a key of this kind signs.
    AlgorithmNotTaken { algorithm: String } refuses "RFC 8414 §2";
    /// The platform's token is shown in the place of a person's consent; the file it comes from, if it does.
    PlatformTokenShown { file: Option<String> } follows "RFC 7523 §2.1";
    /// There is no token in the file.
    TokenFileUnreadable { path: String } refuses "RFC 7523 §3";
    /// The company's identity provider gives leave to ask in exchange for the ID token.
    CompanyVouches { issuer: String } follows "RFC 8693 §2.2.1";
    /// The company's identity provider gives none.
    CompanyRefuses { issuer: String, error: Option<String> } refuses "RFC 8693 §2.2.2";
    /// Tokens came without a person.
    TokensGiven {} follows "RFC 6749 §5.1";
    /// No tokens came.
    TokensRefused { error: Option<String> } refuses "RFC 6749 §5.2";
    /// The refresh token is no longer accepted.
    RenewalRefused { error: String } refuses "RFC 6749 §5.2";
    /// The renewal is put off, for so many seconds if the authorization server said so.
    RenewalPutOff { seconds: Option<u64> } follows "RFC 9110 §10.2.3";
}
