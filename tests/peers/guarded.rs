//! Providers in front of an MCP server of our own, which asks them about every token that it is shown.

use axum::{Json, Router, routing::get};
use serde_json::json;
use usher_core::{base::ClientId, sign_in::DEEP_LINK};
use usher_tests::{Demands, Listening, Looks, Peer, Program, Recorder, ResourceServer, Wire};

use crate::{
    journey::{Journey, Place, Tool},
    provider::{Introspection, Provider},
    rows::{NO_QUESTIONS, NO_SCOPES, behind_recorder, place},
    table::{Deed, Row},
};

const USELESS_LOOT: &str = "gives a thief without the key nothing, and ours goes on";

/// A provider in front of a server on rmcp.
struct Guarded {
    journey: Journey,
    _peer: Peer,
    _recorder: Recorder,
    _server: ResourceServer,
}

impl Guarded {
    async fn by(program: Program, demands: Demands, document: Option<ClientId>) -> Self {
        let (peer, recorder) = behind_recorder(program, Looks::Itself).await;
        let server = ResourceServer::behind(&peer, demands).await;
        let tool = Tool {
            name: "forecast",
            arguments: json!({ "city": "Oslo" }),
            answer: "Tomorrow it will be fine in Oslo.",
        };
        let own = Place {
            name: "server",
            base: server.base().to_owned(),
            wire: server.wire().clone(),
        };
        let places = vec![own, place("provider", &recorder)];
        let journey = Journey::with_document(document, &server.url(), tool, places).await;
        let journey = journey.past(Provider {
            at: peer.address("at").to_owned(),
            wire: recorder.wire().clone(),
            run_out: peer.addresses["runOut"].as_str().map(str::to_owned),
            introspection: Some(Introspection::of(&peer)),
        });
        Self {
            journey,
            _peer: peer,
            _recorder: recorder,
            _server: server,
        }
    }
}

pub async fn nanoidp(row: Row) {
    let demands = Demands {
        scopes: "openid",
        to_call: None,
    };
    let mut guarded = Guarded::by(Program::of("nanoidp_server.py"), demands, None).await;
    let journey = &mut guarded.journey;
    journey.chapter("Asking how it wants to be asked").await;
    row.deed(Deed::SignIn, journey.signs_in()).await;
    row.deed(Deed::List, journey.lists()).await;
    row.lacks(Deed::StepUp, NO_SCOPES);
    row.lacks(Deed::Ask, NO_QUESTIONS);
    row.deed(Deed::Call, journey.calls()).await;
    journey.chapter("Signing in and calling a tool").await;
    lives_on(&row, journey, "nanoidp").await;
}

/// What the servers behind `oidc-provider` demand: listing and calling are scopes of their own.
const TOOLS: Demands = Demands {
    scopes: "tools:read",
    to_call: Some("tools:call"),
};

pub async fn oidc_provider(row: Row) {
    let mut guarded = Guarded::by(Program::of("oidc-provider.mjs"), TOOLS, None).await;
    steps_up(&row, &mut guarded.journey).await;
    lives_on(&row, &mut guarded.journey, "oidc-provider").await;
}

/// The same, where our client ID is the address of a document about us, which the provider fetches (R10).
pub async fn oidc_provider_with_documents(row: Row) {
    const DOCUMENT: &str = "https://usher.example/oauth/client.json";
    let (published, fetched) = published(DOCUMENT).await;
    let program = Program::of("oidc-provider.mjs");
    let program = program.with("CLIENT_DOCUMENT", &format!("{DOCUMENT} {}", published.base));
    let mut guarded = Guarded::by(program, TOOLS, Some(ClientId::new(DOCUMENT))).await;
    steps_up(&row, &mut guarded.journey).await;
    assert!(fetched.count("/") > 0, "the provider has read the document");
    lives_on(&row, &mut guarded.journey, "oidc-provider-cimd").await;
}

/// Publishes the document that we are known by, with what it must say; gives what fetched it.
async fn published(address: &str) -> (Listening, Wire) {
    let document = json!({
        "client_id": address,
        "client_name": "Usher",
        "application_type": "native",
        "redirect_uris": [DEEP_LINK],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    });
    let show = move || async move { Json(document) };
    let wire = Wire::default();
    let router = wire.around(Router::new().route("/", get(show)));
    (Listening::serve(|_| router).await, wire)
}

/// Signs in, lists, and asks for another scope when calling needs it.
async fn steps_up(row: &Row, journey: &mut Journey) {
    journey.chapter("Asking how it wants to be asked").await;
    row.deed(Deed::SignIn, journey.signs_in()).await;
    row.deed(Deed::List, journey.lists()).await;
    journey.chapter("Signing in and listing the tools").await;
    row.deed(Deed::StepUp, journey.steps_up()).await;
    row.lacks(Deed::Ask, NO_QUESTIONS);
    row.deed(Deed::Call, journey.calls()).await;
    journey
        .chapter("Asking for another scope and calling a tool")
        .await;
}

/// The same, with every token bound to a key and a nonce in every proof (RFC 9449).
pub async fn oidc_provider_with_proofs(row: Row) {
    let program = Program::of("oidc-provider.mjs").with("DPOP", "nonce");
    let mut guarded = Guarded::by(program, TOOLS, None).await;
    let journey = &mut guarded.journey;
    steps_up(&row, journey).await;
    row.deed(Deed::Restart, journey.restarts()).await;
    journey.chapter("Starting again and calling a tool").await;
    row.deed(Deed::Renew, journey.renews_in_time()).await;
    journey.chapter("Renewing in time and calling a tool").await;
    row.deed(Deed::Refused, journey.renews_what_the_server_refuses())
        .await;
    journey.chapter("Renewing what the server refuses").await;
    journey.a_thief_gets_nothing().await;
    row.lacks(Deed::AskOnce, USELESS_LOOT);
    row.lacks(Deed::Reconnect, USELESS_LOOT);
    row.deed(Deed::Disconnect, journey.is_forgotten()).await;
    journey.chapter("Leaving").await;
    row.deed(Deed::Wire, async {
        journey.sent_what_was_reviewed("oidc-provider-dpop")
    })
    .await;
}

/// What every provider with rotation, revocation and introspection sees after the first call.
async fn lives_on(row: &Row, journey: &mut Journey, name: &str) {
    row.deed(Deed::Restart, journey.restarts()).await;
    journey.chapter("Starting again and calling a tool").await;
    row.deed(Deed::Renew, journey.renews_in_time()).await;
    journey.chapter("Renewing in time and calling a tool").await;
    row.deed(Deed::Refused, journey.renews_what_the_server_refuses())
        .await;
    journey.chapter("Renewing what the server refuses").await;
    let asked = async {
        let loot = journey.asks_once().await;
        journey.thief_is_locked_out(&loot).await;
    };
    row.deed(Deed::AskOnce, asked).await;
    journey.chapter("Being refused a renewal").await;
    row.deed(Deed::Reconnect, journey.reconnects()).await;
    journey.chapter("Signing in again").await;
    row.deed(Deed::Disconnect, journey.is_forgotten()).await;
    journey.chapter("Leaving").await;
    row.deed(Deed::Wire, async { journey.sent_what_was_reviewed(name) })
        .await;
}
