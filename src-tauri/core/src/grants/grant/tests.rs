//! What a grant is good for, decided without any input or output.

use super::*;
use crate::{
    base::{Issuer, Resource},
    grants::tests::world::{START, client},
};

/// A grant obtained at [`START`], with an access token for `life` seconds.
fn grant(life: Option<u64>, refresh: bool) -> Grant {
    let granted = Granted {
        issuer: Issuer::new("https://auth.example.com"),
        resource: Resource::new("https://mcp.example.com"),
        scopes: "read".parse().expect("one scope"),
        tokens: tokens("old", refresh, life),
        client: client("http://127.0.0.1:1"),
        identity: None,
    };
    Grant {
        account: AccountId::random(),
        version: 0,
        dead: None,
        unanswered: false,
        contents: Contents::new(ServerId::random(), granted, START),
    }
}

fn tokens(access: &str, refresh: bool, life: Option<u64>) -> Tokens {
    Tokens {
        token_type: TokenType::Bearer,
        access: Secret::new(access.to_owned()),
        refresh: refresh.then(|| Secret::new(format!("refresh-{access}"))),
        expires_at: life.map(at),
    }
}

fn at(seconds: u64) -> Timestamp {
    START.after(Duration::from_secs(seconds))
}

fn name(standing: &Standing<'_>) -> &'static str {
    match standing {
        Standing::Live(_) => "live",
        Standing::Stale {
            meanwhile: Some(_), ..
        } => "stale, usable meanwhile",
        Standing::Stale { meanwhile: None, .. } => "stale",
        Standing::Spent(ReauthReason::Expired) => "expired",
        Standing::Spent(ReauthReason::Rejected) => "rejected",
        Standing::Spent(ReauthReason::Undecryptable) => "undecryptable",
        Standing::Spent(ReauthReason::HandedOver) => "handed over",
    }
}

#[test]
fn a_token_is_stale_thirty_seconds_or_half_its_life_before_it_runs_out() {
    for (life, now, expected) in [
        (3600, 0, "live"),
        (3600, 3569, "live"),
        (3600, 3570, "stale, usable meanwhile"),
        (3600, 3599, "stale, usable meanwhile"),
        (3600, 3600, "stale"),
        (20, 9, "live"),
        (20, 10, "stale, usable meanwhile"),
        (1, 0, "live"),
        (1, 1, "stale"),
        (0, 0, "stale"),
    ] {
        let grant = grant(Some(life), true);
        assert_eq!(
            name(&grant.standing(at(now))),
            expected,
            "life of {life} s after {now} s"
        );
    }
}

#[test]
fn r18_without_an_expiry_time_alone_never_ends_a_token() {
    let grant = grant(None, true);
    assert_eq!(name(&grant.standing(at(10_000_000))), "live");
    assert_eq!(grant.renewal_due(0.0), None, "the background leaves it alone");
}

#[test]
fn r19_without_a_refresh_token_it_is_live_to_the_last_second() {
    let grant = grant(Some(3600), false);
    assert_eq!(name(&grant.standing(at(3599))), "live");
    assert_eq!(name(&grant.standing(at(3600))), "expired");
    assert_eq!((grant.renewal_due(0.0), grant.ends_at()), (None, Some(at(3600))));
}

#[test]
fn a_dead_grant_is_spent_however_fresh_its_token() {
    let grant = Grant {
        dead: Some(Dead::AnswerLost),
        ..grant(Some(3600), true)
    };
    let bearer = grant.contents.bearer.clone();
    assert_eq!(name(&grant.standing(START)), "rejected");
    assert_eq!(name(&grant.standing_after(&bearer, START)), "rejected");
    assert_eq!(
        (grant.renewal_due(0.0), grant.ends_at()),
        (None, None),
        "nothing is due"
    );
}

#[test]
fn s30_an_unanswered_refresh_makes_a_fresh_token_stale() {
    let grant = Grant {
        unanswered: true,
        ..grant(Some(3600), true)
    };
    assert_eq!(name(&grant.standing(START)), "stale, usable meanwhile");
    assert_eq!(grant.renewal_due(0.0), Some(START), "at once");
}

#[test]
fn s33_a_refused_token_is_stale_whatever_the_clock_says() {
    let (refreshable, other) = (grant(Some(3600), true), grant(None, false));
    let refused = refreshable.contents.bearer.clone();
    assert_eq!(
        name(&refreshable.standing_after(&refused, START)),
        "stale",
        "not even usable meanwhile"
    );
    assert_eq!(
        name(&other.standing_after(&refused, START)),
        "rejected",
        "nothing renews it"
    );
    let newer = Bearer::new(Secret::new("newer".to_owned()), refused.resource().clone(), None);
    assert_eq!(
        name(&refreshable.standing_after(&newer, START)),
        "live",
        "another token was refused"
    );
}

#[test]
fn s31_a_renewal_without_refresh_token_keeps_the_old_one() {
    let renewed = grant(Some(3600), true)
        .contents
        .renewed(tokens("new", false, Some(7200)), at(3600));
    let tokens = renewed.tokens();
    assert_eq!(
        tokens.access,
        Secret::new("new".to_owned()),
        "the new access token"
    );
    assert_eq!(
        tokens.refresh,
        Some(Secret::new("refresh-old".to_owned())),
        "the old refresh token"
    );
    assert_eq!(renewed.expires_at(), Some(at(7200)));
}

#[test]
fn the_background_renews_within_the_skew_each_at_its_own_moment() {
    let due = |life, spread| grant(Some(life), true).renewal_due(spread);
    assert_eq!(
        due(3600, 0.0),
        Some(at(3570)),
        "the earliest moment at which it is stale"
    );
    assert_eq!(
        due(3600, 1.0),
        Some(at(3585)),
        "the latest leaves half of the skew"
    );
    assert_eq!(
        due(10, 0.0),
        Some(at(30)),
        "short tokens are not chased; callers renew them"
    );
}

#[test]
fn a_dead_reason_survives_the_way_through_its_code() {
    for dead in [Dead::Rejected, Dead::AnswerLost, Dead::ClientRefused] {
        assert_eq!(Dead::from_code(dead.code()), dead);
    }
    assert_eq!(Dead::from_code("from a newer app"), Dead::Rejected);
}

#[test]
fn a_bearer_at_hand_is_live_for_exactly_as_long_as_its_grant() {
    for (life, refresh) in [
        (Some(3600), true),
        (Some(3600), false),
        (Some(10), true),
        (None, true),
    ] {
        let grant = grant(life, refresh);
        let fresh = grant.fresh(START).expect("it is live");
        for seconds in 0..=3601 {
            let is_live = matches!(grant.standing(at(seconds)), Standing::Live(_));
            assert_eq!(
                fresh.live(at(seconds)).is_some(),
                is_live,
                "{life:?}, {refresh}: {seconds}"
            );
        }
    }
    assert!(grant(Some(0), false).fresh(START).is_none(), "it has run out");
}
