//! An authorization server that ends a family of tokens when a spent one comes back, and remembers what it was asked.
//!
//! A family is what came of one sign-in. It is told from which life of the app a request comes: what a life asked that has
//! ended is answered to nobody.

use std::{
    collections::BTreeMap,
    io,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU32, Ordering},
    },
};

use axum::{
    Form, Json, Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use futures::stream;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;

use crate::grants::tests::world::LIFE;

/// How the token endpoint answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A new pair; what was presented is spent.
    NewPair,
    /// A new access token; the refresh token stays good.
    AccessOnly,
    /// A new pair, and the connection breaks in the middle of the answer.
    Lost,
    /// The family is over: `invalid_grant`.
    Rejected,
    /// A page with this status; nothing happens to the family.
    Page(u16),
}

/// A token by its family and its place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub family: u32,
    pub number: u32,
}

impl Place {
    pub fn access(self) -> String {
        format!("access-{}-{}", self.family, self.number)
    }

    pub fn refresh(self) -> String {
        format!("refresh-{}-{}", self.family, self.number)
    }

    pub fn read(token: &str) -> Self {
        let mut numbers = token
            .split('-')
            .skip(1)
            .map(|part| part.parse().expect("a number"));
        let mut next = || numbers.next().expect("a token of this server");
        Self {
            family: next(),
            number: next(),
        }
    }
}

/// What is known of a family.
#[derive(Debug, Default, Clone, Copy)]
pub struct Family {
    /// The newest access token's number.
    access: u32,
    /// The one good refresh token's number.
    refresh: u32,
    /// An answer with tokens is certain not to have been kept, so that a spent token may come back.
    pub lost: bool,
    /// Nothing of it is good any more.
    ended: bool,
    /// It was told to be over.
    pub refused: bool,
    /// It was ended because a spent token came back.
    pub reused: bool,
    /// It was ended because the app asked for that.
    pub revoked: bool,
}

/// The server, on a real socket.
pub struct Families {
    pub address: String,
    served: Arc<Served>,
}

struct Served {
    families: Mutex<BTreeMap<u32, Family>>,
    answer: Mutex<Answer>,
    wrongs: Mutex<Vec<String>>,
    /// The families that are asked about now, and by which life.
    under_way: watch::Sender<Vec<(u32, u32)>>,
    open: watch::Sender<bool>,
    life: AtomicU32,
}

impl Families {
    pub async fn start() -> Self {
        let served = Arc::new(Served {
            families: Mutex::default(),
            answer: Mutex::new(Answer::NewPair),
            wrongs: Mutex::default(),
            under_way: watch::Sender::default(),
            open: watch::Sender::new(true),
            life: AtomicU32::new(0),
        });
        let router = Router::new()
            .route("/token", post(token))
            .route("/revoke", post(revoke))
            .with_state(Arc::clone(&served));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has free ports");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, served }
    }

    pub fn answer(&self, answer: Answer) {
        *held(&self.served.answer) = answer;
    }

    /// Begins a family; gives its first tokens' place.
    pub fn begin(&self) -> Place {
        let mut families = held(&self.served.families);
        let family = u32::try_from(families.len()).expect("a few families");
        families.insert(family, Family::default());
        Place { family, number: 0 }
    }

    pub fn family(&self, family: u32) -> Family {
        held(&self.served.families)[&family]
    }

    /// Begins the next life: what earlier ones still ask is answered to nobody.
    pub fn next_life(&self) -> u32 {
        self.served.life.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Takes note that only the tokens up to here were kept.
    pub fn kept(&self, place: Place) {
        let mut families = held(&self.served.families);
        if let Some(family) = families.get_mut(&place.family) {
            family.lost |= family.access > place.number;
        }
    }

    /// Lets no answer out until [`Families::open`].
    pub fn close(&self) {
        self.served.open.send_replace(false);
    }

    pub fn open(&self) {
        self.served.open.send_replace(true);
    }

    /// Waits until a family is asked about.
    pub async fn is_asked_about(&self, family: u32) {
        let asked = |under_way: &Vec<(u32, u32)>| under_way.iter().any(|(asked, _)| *asked == family);
        let mut under_way = self.served.under_way.subscribe();
        under_way.wait_for(asked).await.expect("the server lives");
    }

    /// Waits until nothing is under way.
    pub async fn has_decided_all(&self) {
        let mut under_way = self.served.under_way.subscribe();
        under_way.wait_for(Vec::is_empty).await.expect("the server lives");
    }

    /// Gives what the app did that it never may.
    pub fn wrongs(&self) -> Vec<String> {
        held(&self.served.wrongs).clone()
    }
}

#[derive(Deserialize)]
struct RefreshForm {
    refresh_token: String,
}

#[derive(Deserialize)]
struct RevokeForm {
    token: String,
}

async fn token(
    State(served): State<Arc<Served>>,
    headers: HeaderMap,
    Form(form): Form<RefreshForm>,
) -> Response {
    let presented = Place::read(&form.refresh_token);
    let asking = (presented.family, life(&headers));
    served.under_way.send_modify(|under_way| {
        if under_way.contains(&asking) {
            served.wrong(format!("two refreshes of family {} at a time", asking.0));
        }
        under_way.push(asking);
    });
    // The work goes on when the client hangs up, as in a real server.
    let deciding = async move {
        let mut open = served.open.subscribe();
        open.wait_for(|open| *open).await.expect("the server lives");
        let answer = served.decide(presented, asking.1);
        served.under_way.send_modify(|under_way| {
            let own = under_way.iter().position(|other| *other == asking);
            under_way.swap_remove(own.expect("it was put there"));
        });
        answer
    };
    tokio::spawn(deciding).await.expect("deciding does not panic")
}

fn life(headers: &HeaderMap) -> u32 {
    let name = headers
        .get(header::USER_AGENT)
        .and_then(|name| name.to_str().ok());
    let life = name.and_then(|name| name.rsplit('/').next());
    life.and_then(|life| life.parse().ok())
        .expect("each life has a number")
}

async fn revoke(State(served): State<Arc<Served>>, Form(form): Form<RevokeForm>) -> StatusCode {
    let mut families = held(&served.families);
    if let Some(family) = families.get_mut(&Place::read(&form.token).family) {
        (family.ended, family.revoked) = (true, true);
    }
    StatusCode::OK
}

impl Served {
    fn wrong(&self, what: String) {
        held(&self.wrongs).push(what);
    }

    fn decide(&self, presented: Place, life: u32) -> Response {
        let answer = *held(&self.answer);
        let mut families = held(&self.families);
        let family = families.entry(presented.family).or_default();
        let is_heard = life == self.life.load(Ordering::SeqCst);
        match answer {
            Answer::Page(status) => return page(status),
            Answer::Rejected => family.ended = true,
            Answer::NewPair | Answer::AccessOnly | Answer::Lost => {}
        }
        if presented.number != family.refresh && !family.ended {
            if is_heard && !family.lost {
                self.wrong(format!("{} was spent twice", presented.refresh()));
            }
            (family.ended, family.reused) = (true, is_heard);
        }
        if family.ended {
            family.refused = true;
            return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response();
        }
        family.access += 1;
        family.refresh += u32::from(answer != Answer::AccessOnly);
        family.lost |= !is_heard || answer == Answer::Lost;
        pair(presented.family, *family, answer)
    }
}

fn pair(family: u32, known: Family, answer: Answer) -> Response {
    if answer == Answer::Lost {
        let half = Bytes::from_static(b"{\"access_token\":");
        let breaks = stream::iter([Ok(half), Err(io::Error::from(io::ErrorKind::ConnectionReset))]);
        return (
            [(header::CONTENT_TYPE, "application/json")],
            Body::from_stream(breaks),
        )
            .into_response();
    }
    let place = |number| Place { family, number };
    let mut pair = json!({
        "access_token": place(known.access).access(),
        "token_type": "Bearer",
        "expires_in": LIFE.as_secs(),
    });
    if answer != Answer::AccessOnly {
        pair["refresh_token"] = json!(place(known.refresh).refresh());
    }
    Json(pair).into_response()
}

fn page(status: u16) -> Response {
    let status = StatusCode::from_u16(status).expect("the test's status is one");
    (status, "<html>").into_response()
}

fn held<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().expect("no test panics while holding it")
}
