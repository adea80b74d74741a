//! Rotation of refresh tokens, round after round, at authorization servers that end a whole grant when one is spent twice:
//! each time a hundred callers want a bearer at once, some of whom go away before they have it.

mod impatient;
mod places;

use std::time::Duration;

use futures::future::join_all;
use rand::Rng;
use tokio::task::JoinHandle;
use usher_core::{
    base::ServerId,
    grants::{Bearer, BearerError, Grants},
};
use usher_tests::Exchange;

use crate::{
    figures::{Broken, Figures, broken, ensure},
    house::LIFE,
    inspect::inspect,
    scale::Scale,
};
use impatient::impatiently;
use places::Place;

/// How many want a bearer at the same moment.
const CALLERS: usize = 100;
/// How often who goes away does so at an await of the core: by this one, at most.
const AWAITS: usize = 24;

/// Rotates at the world's authorization server.
pub async fn at_the_world(scale: Scale) -> Result<(), Broken> {
    let world = places::world().await;
    rotate(&world, "rotation at the world's server", scale.of(100, 10_000)).await
}

/// Rotates at an authorization server that others wrote.
pub async fn at_a_peer(scale: Scale) -> Result<(), Broken> {
    let peer = places::peer().await;
    rotate(&peer, "rotation at oidc-provider", scale.of(30, 10_000)).await
}

/// Why the token of a round is of no use any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Because {
    /// Its time is up.
    Time,
    /// The server refused it.
    Refusal,
}

async fn rotate(place: &Place, what: &str, rounds: usize) -> Result<(), Broken> {
    let mut figures = Figures::of(what);
    let keeping = place.house.grants.clone();
    let background = tokio::spawn(async move { keeping.keep_alive().await });
    let mut bearer = bearer(place).await?;
    let mut seen = place.wire.len();
    for _ in 0..rounds {
        let because = match rand::rng().random_bool(0.5) {
            true => Because::Time,
            false => Because::Refusal,
        };
        bearer = round(place, because, &bearer).await?;
        let came = place.wire.since(seen);
        seen += came.len();
        count(&came, &bearer, &mut figures)?;
        figures.round_of(rounds);
    }
    background.abort();
    place.house.close().await;
    inspect(&place.directory).await?;
    figures.checks += 1;
    figures.print();
    Ok(())
}

/// Asks until the token of before is gone; the first round begins with one that is there.
async fn bearer(place: &Place) -> Result<Bearer, Broken> {
    let bearer = place.house.grants.bearer(place.server).await;
    bearer.map_err(|error| broken(format!("there is no bearer to begin with: {error}")))
}

/// Lets a hundred callers want a new bearer; gives the one that all get who stay.
async fn round(place: &Place, because: Because, old: &Bearer) -> Result<Bearer, Broken> {
    if because == Because::Time {
        place.clock.advance(Duration::from_secs(LIFE));
    }
    let callers: Vec<_> = (0..CALLERS)
        .map(|number| call(place, because, old, number > 0))
        .collect();
    for caller in &callers[1..] {
        if rand::rng().random_bool(0.1) {
            tokio::task::yield_now().await;
            caller.abort();
        }
    }
    let mut new: Option<Bearer> = None;
    for outcome in join_all(callers).await {
        // `Err` is a caller who was taken away, `None` one who went.
        let Ok(Some(outcome)) = outcome else { continue };
        let got = outcome.map_err(|error| broken(format!("a caller got no bearer: {error}")))?;
        ensure(!is_same(&got, old), || {
            "a caller got the bearer that is of no use".to_owned()
        })?;
        ensure(new.as_ref().is_none_or(|new| is_same(&got, new)), || {
            "two callers of one round got different bearers".to_owned()
        })?;
        new = Some(got);
    }
    place.house.grants.settle().await;
    new.ok_or_else(|| broken("the caller who stays got nothing"))
}

/// Begins one caller; one who may is perhaps impatient.
fn call(
    place: &Place,
    because: Because,
    old: &Bearer,
    may_go: bool,
) -> JoinHandle<Option<Result<Bearer, BearerError>>> {
    let goes = may_go && rand::rng().random_bool(0.3);
    let awaits = goes.then(|| rand::rng().random_range(0..AWAITS));
    let (grants, server, old) = (place.house.grants.clone(), place.server, old.clone());
    tokio::spawn(impatiently(awaits, async move {
        wanted(&grants, server, because, &old).await
    }))
}

async fn wanted(
    grants: &Grants,
    server: ServerId,
    because: Because,
    old: &Bearer,
) -> Result<Bearer, BearerError> {
    match because {
        Because::Time => grants.bearer(server).await,
        Because::Refusal => grants.renew(server, old).await,
    }
}

fn is_same(one: &Bearer, other: &Bearer) -> bool {
    one.token() == other.token()
}

/// Counts what came to the authorization server in a round: one request, answered with the bearer that is in use now.
fn count(came: &[Exchange], bearer: &Bearer, figures: &mut Figures) -> Result<(), Broken> {
    let asks = |exchange: &&Exchange| exchange.parameter("grant_type").as_deref() == Some("refresh_token");
    let asked: Vec<_> = came.iter().filter(asks).collect();
    figures.requests += asked.len();
    ensure(asked.len() == 1, || {
        format!(
            "round {}: {} token requests for one expiry",
            figures.rounds,
            asked.len()
        )
    })?;
    let answer = asked[0].answer.clone().unwrap_or_default();
    ensure(answer["error"].is_null(), || {
        format!(
            "round {}: the authorization server said {}",
            figures.rounds, answer["error"]
        )
    })?;
    // EXPOSE: it is compared with what the authorization server gave.
    ensure(answer["access_token"] == bearer.token().expose().as_str(), || {
        format!(
            "round {}: the bearer in use is not the one that was given",
            figures.rounds
        )
    })
}
