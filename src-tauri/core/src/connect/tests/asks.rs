//! Calls that only the person can let in: they wait, and go on by themselves (R20, S16, S34).

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::response::Response;
use serde_json::Map;

use super::world::{Asked, Peer, World, challenge, counted, modern, older};
use crate::{
    base::{AuthKind, Scopes, ServerId},
    connect::{CallError, ConnectError, Connection, Consent, SignInNeed, ToolAnswer},
};

const UNAUTHORIZED: &str = r#"Bearer resource_metadata="https://a.example/prm", scope="tools""#;
const INSUFFICIENT: &str = r#"Bearer error="insufficient_scope", scope="tools write""#;

type Era = fn(&Asked) -> Response;

const ERAS: [Era; 2] = [older, modern];

fn scopes() -> Scopes {
    "tools write".parse().expect("scopes")
}

/// A server whose method is refused so many times.
async fn refusing(era: Era, method: &'static str, times: usize, refusal: (u16, &'static str)) -> Peer {
    let refused = Arc::new(AtomicUsize::new(0));
    Peer::serving(move |asked| {
        let refuses = asked.what == method && refused.fetch_add(1, Ordering::SeqCst) < times;
        if refuses {
            challenge(refusal.0, refusal.1)
        } else {
            era(asked)
        }
    })
    .await
}

/// An open connection to it.
struct Open {
    world: Arc<World>,
    peer: Peer,
    id: ServerId,
}

impl Open {
    async fn to(peer: Peer) -> Self {
        let world = Arc::new(World::new().await);
        let id = world.add(&peer, Some(AuthKind::Open)).await;
        assert_eq!(world.connect(id).await, Connection::Ready);
        Self { world, peer, id }
    }

    fn call(&self, tool: &'static str) -> tokio::task::JoinHandle<Result<ToolAnswer, CallError>> {
        let (world, id) = (Arc::clone(&self.world), self.id);
        tokio::spawn(async move { world.connections.call_tool(id, tool, Map::new()).await })
    }

    /// Waits until the person is asked, or is no longer.
    async fn consent(&self, wanted: impl Fn(&Option<Consent>) -> bool) -> Option<Consent> {
        let mut news = self.world.connections.news();
        loop {
            let consent = self.world.connections.consent(self.id);
            if wanted(&consent) {
                return consent;
            }
            news.recv().await.expect("the connections live");
        }
    }

    /// Asks, as `api` does when the person allows it.
    async fn sign_in(&self) {
        self.world.connections.sign_in_begins(self.id);
        self.world.connections.signed_in(self.id).await;
    }

    /// Says no until the calls have ended: each may learn of its refusal a moment later.
    async fn declining(
        &self,
        calls: Vec<tokio::task::JoinHandle<Result<ToolAnswer, CallError>>>,
    ) -> Vec<Result<ToolAnswer, CallError>> {
        let (mut news, mut ended) = (
            self.world.connections.news(),
            futures::future::try_join_all(calls),
        );
        loop {
            self.world.connections.decline(self.id);
            tokio::select! {
                ended = &mut ended => return ended.expect("no panic"),
                heard = news.recv() => { heard.expect("the connections live"); }
            }
        }
    }

    fn calls(&self) -> Option<usize> {
        counted(&self.peer.posts()).get("tools/call").copied()
    }
}

#[tokio::test]
async fn r20_a_call_that_lacks_a_scope_waits_for_consent_and_goes_on_by_itself() {
    for era in ERAS {
        let open = Open::to(refusing(era, "tools/call", 1, (403, INSUFFICIENT)).await).await;
        let call = open.call("echo");
        let expected = Consent {
            scopes: scopes(),
            tool: Some("echo".to_owned()),
            attempt: 1,
        };
        assert_eq!(open.consent(Option::is_some).await, Some(expected));
        let state = open.world.connections.state(open.id);
        assert_eq!(state, Connection::Ready, "a missing scope ends nothing");
        open.sign_in().await;
        call.await.expect("no panic").expect("the tool answers");
        assert_eq!(open.calls(), Some(2), "refused once, let in once");
        assert_eq!(open.world.connections.consent(open.id), None);
    }
}

#[tokio::test]
async fn r20_calls_that_wait_for_the_same_share_one_consent_and_not_now_ends_them() {
    let open = Open::to(refusing(modern, "tools/call", 9, (403, INSUFFICIENT)).await).await;
    let calls = vec![open.call("echo"), open.call("echo"), open.call("echo")];
    open.peer.was_asked("tools/call", 3).await;
    for ended in open.declining(calls).await {
        assert_eq!(ended, Err(CallError::Scope { scopes: scopes() }));
    }
    assert_eq!(open.calls(), Some(3), "none was sent again");
}

#[tokio::test]
async fn r20_a_sign_in_that_comes_to_nothing_ends_the_call_as_it_was_refused() {
    let open = Open::to(refusing(modern, "tools/call", 9, (403, INSUFFICIENT)).await).await;
    let call = open.call("echo");
    open.consent(Option::is_some).await;
    open.world.connections.sign_in_begins(open.id);
    assert_eq!(
        open.world.connections.consent(open.id),
        None,
        "it is asked once, not while the person is at it"
    );
    open.world.connections.sign_in_failed(open.id);
    let ended = call.await.expect("no panic");
    assert_eq!(ended, Err(CallError::Scope { scopes: scopes() }));
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_asks_nobody() {
    let open = Open::to(refusing(modern, "tools/call", 9, (403, INSUFFICIENT)).await).await;
    let call = open.call("echo");
    open.consent(Option::is_some).await;
    call.abort();
    open.consent(Option::is_none).await;
}

#[tokio::test]
async fn disconnecting_ends_a_call_that_waits() {
    let open = Open::to(refusing(modern, "tools/call", 9, (403, INSUFFICIENT)).await).await;
    let call = open.call("echo");
    open.consent(Option::is_some).await;
    open.world.connections.close(open.id).await;
    let ended = call.await.expect("no panic");
    assert_eq!(ended, Err(CallError::Scope { scopes: scopes() }));
}

#[tokio::test]
async fn r20_s16_after_three_authorizations_the_refusal_is_final() {
    let open = Open::to(refusing(modern, "tools/call", 99, (403, INSUFFICIENT)).await).await;
    let call = open.call("echo");
    for attempt in 1..=3 {
        let asks = |consent: &Option<Consent>| consent.as_ref().is_some_and(|c| c.attempt == attempt);
        open.consent(asks).await;
        open.sign_in().await;
    }
    let refused = Err(CallError::ScopeRefused { scopes: scopes() });
    assert_eq!(call.await.expect("no panic"), refused);
    let again = open.call("echo").await.expect("no panic");
    assert_eq!(again, refused, "it asks for nothing more");
    assert_eq!(open.calls(), Some(5), "one each time, and the last");
}

#[tokio::test]
async fn r20_a_scope_that_is_missing_even_for_connecting_is_a_consent() {
    for (era, method) in [
        (older as Era, "initialize"),
        (older, "tools/list"),
        (modern, "server/discover"),
        (modern, "tools/list"),
    ] {
        let (world, peer) = (
            World::new().await,
            refusing(era, method, 2, (403, INSUFFICIENT)).await,
        );
        let id = world.add(&peer, Some(AuthKind::Oauth)).await;
        let asked = |attempt| Connection::Consent {
            scopes: scopes(),
            attempt,
        };
        assert_eq!(world.connect(id).await, asked(1), "{method} is refused");
        let consent = world.connections.consent(id).expect("the person is asked");
        assert_eq!((consent.tool, consent.scopes), (None, scopes()));
        world.connections.signed_in(id).await;
        world.until(id, |state| *state == asked(2)).await;
        world.connections.signed_in(id).await;
        world.until(id, |state| *state == Connection::Ready).await;
    }
}

#[tokio::test]
async fn r20_s16_a_server_that_never_lets_in_stops_after_three_authorizations() {
    let (world, peer) = (
        World::new().await,
        refusing(modern, "tools/list", 99, (403, INSUFFICIENT)).await,
    );
    let id = world.add(&peer, Some(AuthKind::Oauth)).await;
    world.connect(id).await;
    for _ in 0..3 {
        world.connections.signed_in(id).await;
        world.until(id, |state| *state != Connection::Opening).await;
    }
    let stopped = Connection::Stopped(ConnectError::ScopeRefused(scopes()));
    assert_eq!(world.connections.state(id), stopped);
    assert_eq!(world.connections.consent(id), None, "nothing more is asked");
}

#[tokio::test]
async fn s34_a_tool_that_wants_a_sign_in_says_so_though_the_list_is_open_and_goes_on_after_it() {
    for era in ERAS {
        let open = Open::to(refusing(era, "tools/call", 1, (401, UNAUTHORIZED)).await).await;
        let call = open.call("echo");
        let needed = Connection::SignIn(SignInNeed::Never);
        open.world.until(open.id, |state| *state == needed).await;
        let hints = open.world.connections.hints(open.id).expect("they are kept");
        assert!(
            hints.resource_metadata.is_some(),
            "found later, used all the same"
        );
        open.sign_in().await;
        call.await.expect("no panic").expect("the tool answers");
        assert_eq!(open.calls(), Some(2), "refused once, let in once");
    }
}

#[tokio::test]
async fn a_call_whose_sign_in_is_declined_ends_as_it_was_refused() {
    let open = Open::to(refusing(modern, "tools/call", 9, (401, UNAUTHORIZED)).await).await;
    let call = open.call("echo");
    let needed = Connection::SignIn(SignInNeed::Never);
    open.world.until(open.id, |state| *state == needed).await;
    let ended = open.declining(vec![call]).await;
    assert_eq!(ended, [Err(CallError::Reauth(SignInNeed::Never))]);
}
