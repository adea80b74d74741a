//! The peers, one journey each.

use futures::future::BoxFuture;
use serde_json::json;
use usher_tests::{Looks, Peer, Program, Recorder};

use crate::{
    guarded,
    journey::{Journey, Place, Tool},
    provider::Provider,
    table::{Deed, Row},
};

const NO_SIGN_IN: &str = "asks for no sign-in";
const NO_REVOCATION: &str = "offers no revocation, and the app says so";
pub const NO_SCOPES: &str = "knows no scope for a single tool";
pub const NO_QUESTIONS: &str = "asks nothing in the middle of a call";

/// A peer's line of the table, and what fills it.
type Peered = (Row, BoxFuture<'static, ()>);

/// Gives every peer.
pub fn all() -> Vec<Peered> {
    vec![
        peered("server-everything", everything),
        peered("fastmcp (2026-07-28)", fastmcp_modern),
        peered("fastmcp (2025-11-25)", fastmcp_older),
        peered("TypeScript SDK's demo", typescript_demo),
        peered("nanoidp", guarded::nanoidp),
        peered("oidc-provider", guarded::oidc_provider),
        peered("oidc-provider (CIMD)", guarded::oidc_provider_with_documents),
        peered("oidc-provider (DPoP)", guarded::oidc_provider_with_proofs),
    ]
}

fn peered<F: Future<Output = ()> + Send + 'static>(name: &'static str, journey: fn(Row) -> F) -> Peered {
    let row = Row::of(name);
    (row.clone(), Box::pin(journey(row)))
}

/// Starts a peer that is one program at one place, behind a recorder.
pub async fn behind_recorder(program: Program, looks: Looks) -> (Peer, Recorder) {
    let recorder = Recorder::open(looks).await;
    let peer = Peer::run(program.known_as(recorder.base())).await;
    recorder.lead_to(peer.address("at"));
    (peer, recorder)
}

pub fn place(name: &'static str, recorder: &Recorder) -> Place {
    Place {
        name,
        base: recorder.base().to_owned(),
        wire: recorder.wire().clone(),
    }
}

async fn everything(row: Row) {
    let (peer, recorder) = behind_recorder(Program::of("everything.mjs"), Looks::Itself).await;
    let tool = Tool {
        name: "echo",
        arguments: json!({ "message": "hello" }),
        answer: "Echo: hello",
    };
    let mut journey = Journey::to(peer.address("mcp"), tool, vec![place("server", &recorder)]).await;
    journey.chapter("Asking how it wants to be asked").await;
    journey.connects_without_a_page().await;
    row.deed(Deed::List, journey.lists()).await;
    row.deed(Deed::Call, journey.calls()).await;
    journey.chapter("Connecting and calling a tool").await;
    row.deed(Deed::Ask, journey.is_asked("trigger-elicitation-request"))
        .await;
    row.deed(Deed::Restart, journey.restarts()).await;
    row.deed(Deed::Disconnect, journey.leaves()).await;
    for deed in [
        Deed::SignIn,
        Deed::StepUp,
        Deed::Renew,
        Deed::Refused,
        Deed::AskOnce,
        Deed::Reconnect,
    ] {
        row.lacks(deed, NO_SIGN_IN);
    }
    row.deed(Deed::Wire, async { journey.sent_what_was_reviewed("everything") })
        .await;
}

async fn fastmcp_modern(row: Row) {
    fastmcp(row, Looks::Itself, "fastmcp").await;
}

async fn fastmcp_older(row: Row) {
    fastmcp(row, Looks::Older, "fastmcp-older").await;
}

async fn fastmcp(row: Row, looks: Looks, name: &str) {
    let (peer, recorder) = behind_recorder(Program::of("fastmcp_server.py"), looks).await;
    let tool = Tool {
        name: "add",
        arguments: json!({ "a": 2, "b": 3 }),
        answer: "5",
    };
    let journey = Journey::to(peer.address("mcp"), tool, vec![place("server", &recorder)]).await;
    let mut journey = journey.past(Provider {
        at: peer.address("at").to_owned(),
        wire: recorder.wire().clone(),
        run_out: None,
        introspection: None,
    });
    journey.chapter("Asking how it wants to be asked").await;
    row.deed(Deed::SignIn, journey.signs_in()).await;
    row.deed(Deed::List, journey.lists()).await;
    row.lacks(Deed::StepUp, NO_SCOPES);
    row.lacks(Deed::Ask, NO_QUESTIONS);
    row.deed(Deed::Call, journey.calls()).await;
    journey.chapter("Signing in and calling a tool").await;
    row.deed(Deed::Restart, journey.restarts()).await;
    journey.chapter("Starting again and calling a tool").await;
    row.deed(Deed::Renew, journey.renews_in_time()).await;
    journey.chapter("Renewing in time and calling a tool").await;
    row.lacks(Deed::Refused, "revokes no token of a public client");
    row.deed(Deed::AskOnce, journey.asks_once()).await;
    journey.chapter("Being refused a renewal").await;
    row.deed(Deed::Reconnect, journey.reconnects()).await;
    journey.chapter("Signing in again").await;
    let left = row.deed(Deed::Disconnect, journey.leaves()).await;
    assert_eq!(left, "failed", "a public client is refused, and the app says so");
    journey.chapter("Leaving").await;
    row.deed(Deed::Wire, async { journey.sent_what_was_reviewed(name) })
        .await;
}

async fn typescript_demo(row: Row) {
    let (server, issuer) = (
        Recorder::open(Looks::Itself).await,
        Recorder::open(Looks::Itself).await,
    );
    let named = |recorder: &Recorder| recorder.base().replace("127.0.0.1", "localhost");
    let program = Program::of("ts-sdk-demo.mjs")
        .known_as(&named(&server))
        .known_as(&named(&issuer));
    let peer = Peer::run(program).await;
    server.lead_to(peer.address("at"));
    issuer.lead_to(peer.address("issuerAt"));
    let tool = Tool {
        name: "greet",
        arguments: json!({ "name": "Ada" }),
        answer: "Hello, Ada!",
    };
    let places = [("server", &server), ("provider", &issuer)].map(|(name, recorder)| Place {
        base: named(recorder),
        ..place(name, recorder)
    });
    let journey = Journey::to(peer.address("mcp"), tool, places.into()).await;
    let mut journey = journey.past(Provider {
        at: peer.address("issuerAt").to_owned(),
        wire: issuer.wire().clone(),
        run_out: None,
        introspection: None,
    });
    journey.chapter("Asking how it wants to be asked").await;
    row.deed(Deed::SignIn, journey.signs_in()).await;
    row.deed(Deed::List, journey.lists()).await;
    row.lacks(Deed::StepUp, NO_SCOPES);
    row.lacks(Deed::Ask, NO_QUESTIONS);
    row.deed(Deed::Call, journey.calls()).await;
    journey.chapter("Signing in and calling a tool").await;
    row.deed(Deed::Restart, journey.restarts()).await;
    row.lacks(Deed::Renew, "gives no refresh token");
    row.lacks(Deed::Refused, "gives no refresh token");
    row.deed(Deed::AskOnce, journey.asks_once_when_time_is_up()).await;
    row.deed(Deed::Reconnect, journey.reconnects()).await;
    assert_eq!(journey.leaves().await, "notOffered");
    row.lacks(Deed::Disconnect, NO_REVOCATION);
    row.deed(Deed::Wire, async {
        journey.sent_what_was_reviewed("ts-sdk-demo")
    })
    .await;
}
