//! Which servers need the person now. Pure: fed with what the core says, read by tray and notifications.

use std::collections::{BTreeMap, BTreeSet};

use usher_core::api::contract::{EventBody, ServerState, ServerView, SignInReason};

/// The servers that need the person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attention(BTreeMap<String, Need>);

/// A server that needs the person, as the tray lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needing<'a> {
    /// Its identifier.
    pub id: &'a str,
    /// The person's name for it.
    pub name: &'a str,
    /// The sentence that says what it needs; takes `server`.
    pub sentence: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Need {
    name: String,
    what: What,
}

/// What a server needs the person for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    SignIn(SignInReason),
    /// A tool that is running asks something.
    Question,
}

impl Attention {
    /// Sees it from all servers.
    pub fn of(servers: &[ServerView]) -> Self {
        let needs = servers
            .iter()
            .filter_map(|server| Some((server.id.clone(), need(server)?)));
        Self(needs.collect())
    }

    /// Takes in one event; returns whether anything changed.
    pub fn hear(&mut self, event: &EventBody) -> bool {
        match event {
            EventBody::Server { server } => match need(server) {
                Some(need) => self.0.insert(server.id.clone(), need.clone()) != Some(need),
                None => self.0.remove(&server.id).is_some(),
            },
            EventBody::ServerDeleted { id } => self.0.remove(id).is_some(),
            EventBody::Tools { .. }
            | EventBody::Trace { .. }
            | EventBody::Vault { .. }
            | EventBody::Restoration { .. } => false,
        }
    }

    /// Takes over the whole picture; returns whether anything changed.
    pub fn replace(&mut self, now: Self) -> bool {
        let changed = *self != now;
        *self = now;
        changed
    }

    /// Lists each server that needs the person, by name.
    pub fn servers(&self) -> Vec<Needing<'_>> {
        let needing = self.0.iter().map(|(id, need)| Needing {
            id,
            name: &need.name,
            sentence: match need.what {
                What::Question => "tray-needs-answer",
                What::SignIn(SignInReason::Scope) => "tray-needs-consent",
                What::SignIn(_) => "tray-needs-sign-in",
            },
        });
        let mut list: Vec<_> = needing.collect();
        list.sort_by_key(|one| one.name.to_lowercase());
        list
    }

    /// Names the servers whose sign-in ended. One that never had any is the person's own next step, and no
    /// news to them; neither is one whose sign-in is good and only allows too little, nor a question.
    pub fn lost(&self) -> BTreeSet<String> {
        let lost = self.0.iter().filter(|(_, need)| match need.what {
            What::SignIn(reason) => !matches!(reason, SignInReason::Never | SignInReason::Scope),
            What::Question => false,
        });
        lost.map(|(id, _)| id.clone()).collect()
    }
}

/// Returns what a server needs; nothing while the person is already signing in.
fn need(server: &ServerView) -> Option<Need> {
    let what = match (&server.state, &server.consent, &server.question) {
        _ if server.sign_in.is_some() => return None,
        (&ServerState::SignInNeeded { reason }, _, _) => What::SignIn(reason),
        (_, Some(_), _) => What::SignIn(SignInReason::Scope),
        (_, None, Some(_)) => What::Question,
        (_, None, None) => return None,
    };
    Some(Need {
        name: server.name.clone(),
        what,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use usher_core::api::contract::{
        ConsentView, ExceptionsView, PermissionsView, ProviderView, PurposeView, QuestionView,
        SignInMethodView, SignInStage, SignInView, WayBackChoice, WayBackView,
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
        let mut attention = Attention::of(&[server("1", "Linear", needs(SignInReason::Expired))]);
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
        assert!(Attention::of(&[busy]).servers().is_empty(), "the person is at it");
    }

    #[test]
    fn only_a_sign_in_that_ended_is_news() {
        let attention = Attention::of(&[
            server("1", "New", needs(SignInReason::Never)),
            server("2", "Old", needs(SignInReason::Rejected)),
        ]);
        assert_eq!(attention.servers().len(), 2, "both are listed");
        assert_eq!(
            attention.lost(),
            BTreeSet::from(["2".to_owned()]),
            "one is worth a notification"
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
        let attention = Attention::of(&[scope(), call]);
        let sentences: Vec<_> = attention.servers().iter().map(|one| one.sentence).collect();
        assert_eq!(
            sentences, ["tray-needs-consent"; 2],
            "a call and a connection alike"
        );
        assert!(attention.lost().is_empty(), "nobody has to sign in again");
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
        let attention = Attention::of(&[asking]);
        assert_eq!(attention.servers()[0].sentence, "tray-needs-answer");
        assert!(attention.lost().is_empty(), "nobody has to sign in again");
    }

    #[test]
    fn a_deleted_server_needs_nobody() {
        let mut attention = Attention::of(&[server("1", "Linear", needs(SignInReason::Expired))]);
        assert!(
            attention.hear(&EventBody::ServerDeleted { id: "1".into() }),
            "it was listed"
        );
        assert!(attention.servers().is_empty(), "and is no longer");
    }
}
