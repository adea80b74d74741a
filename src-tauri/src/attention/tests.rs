//! What is worth the person's attention.

use super::*;
use usher_core::api::contract::{
    ConsentView, ExceptionsView, PermissionsView, ProviderView, PurposeView, QuestionView, SignInMethodView,
    SignInStage, SignInView, WayBackChoice, WayBackView,
};

fn server(id: &str, name: &str, state: ServerState) -> ServerView {
    ServerView {
        id: id.into(),
        name: name.into(),
        url: "https://mcp.example.com/mcp".into(),
        host: "mcp.example.com".into(),
        auth_kind: None,
        auth_kind_overridden: false,
        headers: Vec::new(),
        client_id: None,
        has_client_secret: false,
        provider: ProviderView {
            issuer: None,
            offered: Vec::new(),
            client_issuer: None,
        },
        sign_in_method: SignInMethodView::Person,
        way_back: WayBackView {
            choice: WayBackChoice::Automatic,
            port: None,
            redirect_uri: String::new(),
        },
        permissions: PermissionsView {
            offered: Vec::new(),
            chosen: None,
        },
        exceptions: ExceptionsView::default(),
        state,
        account: None,
        accounts: Vec::new(),
        consent: None,
        question: None,
        sign_in: None,
        last_outcome: None,
        last_revocation: None,
        tool_count: None,
    }
}

fn needs(reason: SignInReason) -> ServerState {
    ServerState::SignInNeeded { reason }
}

fn heard(server: ServerView) -> EventBody {
    EventBody::Server {
        server: Box::new(server),
    }
}

#[test]
fn a_server_stands_in_the_list_until_it_needs_nothing() {
    let mut attention = Attention::default();
    assert!(
        attention.hear(&heard(server("1", "Linear", needs(SignInReason::Rejected)))),
        "it is new"
    );
    let linear = Needing {
        id: "1",
        name: "Linear",
        sentence: "tray-needs-sign-in",
    };
    assert_eq!(attention.servers(), [linear], "it is listed");
    assert!(
        attention.hear(&heard(server("1", "Linear", ServerState::Ready))),
        "it is well again"
    );
    assert!(attention.servers().is_empty(), "and gone from the list");
}

#[test]
fn the_same_news_twice_changes_nothing() {
    let mut attention = Attention::of(&[server("1", "Linear", needs(SignInReason::Expired))], false);
    let again = heard(server("1", "Linear", needs(SignInReason::Expired)));
    assert!(!attention.hear(&again), "nothing changed");
}

#[test]
fn somebody_who_is_signing_in_is_not_asked_to() {
    let mut busy = server("1", "Linear", needs(SignInReason::Rejected));
    busy.sign_in = Some(SignInView {
        id: "2".into(),
        purpose: PurposeView::Connect,
        expires_at: 0,
        stage: SignInStage::Preparing,
    });
    assert!(
        Attention::of(&[busy], false).servers().is_empty(),
        "the person is at it"
    );
}

#[test]
fn what_went_to_another_computer_asks_for_nothing() {
    let handed_over = server("1", "Linear", needs(SignInReason::HandedOver));
    let attention = Attention::of(&[handed_over], false);
    assert!(attention.servers().is_empty());
}

#[test]
fn only_a_sign_in_that_ended_is_news() {
    let servers = [
        server("1", "New", needs(SignInReason::Never)),
        server("2", "Old", needs(SignInReason::Rejected)),
        server("3", "Key", needs(SignInReason::HeaderRefused)),
    ];
    let attention = Attention::of(&servers, false);
    assert_eq!(attention.servers().len(), 3, "all are listed");
    let losses: Vec<_> = attention
        .losses()
        .iter()
        .map(|loss| (loss.id, loss.by_sign_in))
        .collect();
    assert_eq!(
        losses,
        [("2", true), ("3", false)],
        "two are worth a notification"
    );
}

#[test]
fn r20_a_missing_scope_is_a_consent_and_no_lost_sign_in() {
    let scope = || server("1", "Opening", needs(SignInReason::Scope));
    let mut call = server("2", "Ready", ServerState::Ready);
    call.consent = Some(ConsentView {
        scopes: vec!["write".into()],
        tool: Some("save".into()),
        attempt: 1,
    });
    let attention = Attention::of(&[scope(), call], false);
    let sentences: Vec<_> = attention.servers().iter().map(|one| one.sentence).collect();
    assert_eq!(
        sentences, ["tray-needs-consent"; 2],
        "a call and a connection alike"
    );
    assert!(attention.losses().is_empty(), "nobody has to sign in again");
}

#[test]
fn a_question_is_listed_and_no_lost_sign_in() {
    let mut asking = server("1", "Shop", ServerState::Ready);
    asking.question = Some(QuestionView {
        id: "2".into(),
        tool: Some("order".into()),
        message: "How many?".into(),
        schema: serde_json::Value::Null,
        more: 0,
    });
    let attention = Attention::of(&[asking], false);
    assert_eq!(attention.servers()[0].sentence, "tray-needs-answer");
    assert!(attention.losses().is_empty(), "nobody has to sign in again");
}

#[test]
fn a_deleted_server_needs_nobody() {
    let mut attention = Attention::of(&[server("1", "Linear", needs(SignInReason::Expired))], false);
    assert!(
        attention.hear(&EventBody::ServerDeleted { id: "1".into() }),
        "it was listed"
    );
    assert!(attention.servers().is_empty(), "and is no longer");
}
#[test]
fn only_who_is_connected_or_gone_is_no_longer_unwell() {
    let states = [
        needs(SignInReason::Rejected),
        ServerState::Opening,
        ServerState::Off,
    ];
    let mut attention = Attention::default();
    for state in states {
        attention.hear(&heard(server("1", "Linear", state)));
        assert!(attention.unwell().contains("1"), "it may be lost after all");
    }
    assert!(attention.hear(&heard(server("1", "Linear", ServerState::Ready))));
    assert!(attention.unwell().is_empty(), "it has answered");
    attention.hear(&heard(server("1", "Linear", ServerState::Opening)));
    attention.hear(&EventBody::ServerDeleted { id: "1".into() });
    assert!(attention.unwell().is_empty(), "it is gone");
}

#[test]
fn reminders_can_be_put_off_once_while_somebody_is_lost() {
    let mut attention = Attention::of(&[server("1", "New", needs(SignInReason::Never))], false);
    assert!(!attention.can_be_snoozed(), "there is nothing to be reminded of");
    attention.hear(&heard(server("2", "Old", needs(SignInReason::Rejected))));
    assert!(attention.can_be_snoozed(), "now there is");
    let tomorrow = EventBody::Reminders {
        snoozed_until: Some(1),
    };
    assert!(attention.hear(&tomorrow), "that changes something");
    assert!(attention.is_snoozed() && !attention.can_be_snoozed(), "not twice");
    assert_eq!(attention.servers().len(), 2, "both are listed all the same");
    attention.hear(&EventBody::Reminders { snoozed_until: None });
    assert!(attention.can_be_snoozed(), "it can be done again");
}
