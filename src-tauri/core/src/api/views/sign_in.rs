//! What belongs to signing in, from the room's types to the contract's.

use std::num::NonZeroU16;

use crate::{
    api::contract::{
        AgainView, IssuerView, OutcomeView, ProviderView, PurposeView, SignInStage, SignInView,
        WayBackChoice, WayBackView, WayView,
    },
    base::{Issuer, ServerUrl},
    oauth::Flawed,
    servers::{Provider, Server, WayBack},
    sign_in::{Again, DeepLink, Outcome, Progress, Stage, Way, Wish, redirect_to_register},
};

/// Gives where a sign-in stands.
pub(in crate::api) fn progress(progress: Progress) -> SignInView {
    SignInView {
        id: progress.id.to_string(),
        purpose: purpose(progress.wish),
        expires_at: progress.expires_at.seconds(),
        stage: match progress.stage {
            Stage::Preparing => SignInStage::Preparing,
            Stage::Browser {
                authorization_host,
                scopes,
                opened,
                way,
            } => SignInStage::Browser {
                authorization_host,
                scopes,
                opened,
                way: self::way(way),
            },
            Stage::Finishing => SignInStage::Finishing,
        },
    }
}

fn purpose(wish: Wish) -> PurposeView {
    match wish {
        Wish::Connect => PurposeView::Connect,
        Wish::Switch => PurposeView::Switch,
        Wish::Add => PurposeView::Add,
        Wish::Again(account) => PurposeView::Again {
            account: account.to_string(),
        },
    }
}

fn way(way: Way) -> WayView {
    WayView {
        another: way.another.is_some(),
        again: way.again.map(|again| match again {
            Again::LinkRefused => AgainView::LinkRefused,
            Again::OtherWay => AgainView::OtherWay,
            Again::ClientForgotten => AgainView::ClientForgotten,
        }),
    }
}

/// Gives how a sign-in ended.
pub(in crate::api) fn outcome(outcome: Outcome) -> OutcomeView {
    match outcome {
        Outcome::Authorized => OutcomeView::Authorized,
        Outcome::Declined { host } => OutcomeView::Declined { host },
        Outcome::Cancelled => OutcomeView::Cancelled,
        Outcome::ProviderError {
            host,
            error,
            description,
        } => OutcomeView::ProviderError {
            host,
            error,
            description,
        },
        Outcome::MissingParameters => OutcomeView::MissingParameters,
        Outcome::UnknownState => OutcomeView::UnknownState,
        Outcome::ServerGone => OutcomeView::ServerGone,
        Outcome::InsecureUrl { url } => OutcomeView::InsecureUrl { url },
        Outcome::IssuerMismatch { expected, found } => OutcomeView::IssuerMismatch { expected, found },
        Outcome::IssuerChanged {
            from,
            from_host,
            to,
            to_host,
        } => OutcomeView::IssuerChanged {
            from,
            from_host,
            to,
            to_host,
        },
        Outcome::IssuerNotAgreed { issuer, host } => OutcomeView::IssuerNotAgreed { issuer, host },
        Outcome::CredentialsElsewhere { given_for, host } => {
            OutcomeView::CredentialsElsewhere { given_for, host }
        }
        Outcome::TokenRefused { host, error } => OutcomeView::TokenRefused { host, error },
        Outcome::CredentialsRefused { host } => OutcomeView::CredentialsRefused { host },
        Outcome::CredentialsUnreadable => OutcomeView::CredentialsUnreadable,
        Outcome::KeyNotTaken { host, algorithm } => OutcomeView::KeyNotTaken { host, algorithm },
        Outcome::NoToken { path } => OutcomeView::NoToken { path },
        Outcome::ExchangeFailed { host, error } => OutcomeView::ExchangeFailed { host, error },
        Outcome::ClientRefused { host } => OutcomeView::ClientRefused { host },
        Outcome::NoPort { port } => OutcomeView::NoPort {
            port: port.map(NonZeroU16::get),
        },
        Outcome::TimedOut => OutcomeView::TimedOut,
        Outcome::NoRegistration { host } => OutcomeView::NoRegistration { host },
        Outcome::RegistrationRefused { host, error } => OutcomeView::RegistrationRefused { host, error },
        Outcome::NoPkce { host, others } => OutcomeView::NoPkce { host, others },
        Outcome::NotDiscoverable { url } => OutcomeView::NotDiscoverable { url },
        Outcome::BadDocument(Flawed { document, url, flaw }) => {
            OutcomeView::BadDocument { document, url, flaw }
        }
        Outcome::Offline => OutcomeView::Offline,
        Outcome::Unreachable { host } => OutcomeView::Unreachable { host },
        Outcome::NotStored => OutcomeView::NotStored,
    }
}

/// Gives where one signs in to a server.
pub(in crate::api) fn provider(provider: &Provider) -> ProviderView {
    let text = |issuer: &Issuer| issuer.to_string();
    ProviderView {
        issuer: provider.agreed.as_ref().map(|agreed| text(&agreed.issuer)),
        offered: provider.offered.iter().map(issuer).collect(),
        client_issuer: provider.client_issuer.as_ref().map(text),
    }
}

fn issuer(issuer: &Issuer) -> IssuerView {
    let issuer = issuer.as_str();
    IssuerView {
        issuer: issuer.to_owned(),
        host: issuer
            .parse::<ServerUrl>()
            .map_or_else(|_| issuer.to_owned(), |url| url.host()),
    }
}

/// Gives how the browser comes back from a server's sign-ins.
pub(in crate::api) fn way_back(server: &Server, deep_link: DeepLink) -> WayBackView {
    WayBackView {
        choice: match server.way_back {
            WayBack::Automatic => WayBackChoice::Automatic,
            WayBack::DeepLink => WayBackChoice::DeepLink,
            WayBack::LoopbackAddress(_) => WayBackChoice::LoopbackAddress,
            WayBack::LoopbackName(_) => WayBackChoice::LoopbackName,
        },
        port: server.way_back.port().map(NonZeroU16::get),
        redirect_uri: redirect_to_register(server, deep_link).as_str().to_owned(),
    }
}
