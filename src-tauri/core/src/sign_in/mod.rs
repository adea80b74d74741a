//! One person signing in to one server, from the click to a stored grant or a reason why not.
//!
//! A sign-in lives in two places. Its row (sealed, keyed by the hash of state, ten minutes) is the truth: it
//! survives a restart, and taking it is what makes state single-use. Its label (a [`Progress`]) is what
//! the window shows, and losing it loses nothing.
//!
//! Never here: keeping a grant (that is `grants`), deciding when a sign-in is needed, opening a browser unasked.

mod again;
mod answer;
mod clients;
mod climb;
mod flows;
mod ladder;
mod late;
mod listener;
mod machine;
mod outcome;
mod owed;
mod page;
mod prepare;
mod provider;
mod registrations;
mod resume;
mod table;

use std::sync::Arc;

use tokio::sync::{Notify, broadcast};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::Url;

use crate::{
    base::{AccountId, ClientId, Scopes, ServerId, SignInId, Timestamp},
    grants::Grants,
    oauth::Hints,
    ports::{Browser, BrowserError, Clock, Http},
    record::{Entry, Record},
    servers::Servers,
    store::{SealedColumn, Store, Vault},
};

pub use crate::grants::Wish;
use clients::InHand;
pub use flows::{Again, Progress, Stage, Way};
use flows::{Begun, Flows};
use ladder::Ladder;
pub use ladder::{DEEP_LINK, DeepLink, Rung, redirect_to_register};
use late::Late;
pub use outcome::Outcome;
use prepare::Run;

/// The columns of this room that hold sealed cells.
pub const SEALED: [SealedColumn; 3] = [
    registrations::REGISTRATIONS,
    owed::DEREGISTRATIONS,
    table::SIGN_INS,
];

/// How long a sign-in can be finished.
pub const LIFETIME: std::time::Duration = std::time::Duration::from_secs(600);

/// What happened to a sign-in.
#[derive(Debug, Clone)]
pub enum News {
    /// Its stage changed.
    Progress(ServerId),
    /// It brought an account, or a new grant of one.
    SignedIn(ServerId, AccountId),
    /// It ended; the outcome is that of [`SignIns::last_outcome`].
    Ended(ServerId),
}

/// What a sign-in goes by.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// What the server's last challenge said.
    pub hints: Hints,
    /// The scopes to ask for; `None` for those that the server names (R14).
    pub scopes: Option<Scopes>,
}

/// The sign-in that was named is not waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such sign-in is waiting")]
pub struct NotWaiting;

/// The page of a waiting sign-in could not be opened once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReopenError {
    /// No such sign-in is waiting.
    #[error(transparent)]
    NotWaiting(#[from] NotWaiting),
    /// The browser could not be opened.
    #[error(transparent)]
    Browser(#[from] BrowserError),
}

/// The rooms and doors a sign-in needs.
pub struct Surroundings {
    /// The data file.
    pub store: Store,
    /// Seals pending sign-ins and registrations.
    pub vault: Vault,
    /// The network.
    pub http: Http,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The person's browser.
    pub browser: Arc<dyn Browser>,
    /// Where a grant goes.
    pub grants: Grants,
    /// The servers one signs in to.
    pub servers: Servers,
    /// Where what happened is kept.
    pub record: Record,
    /// Whether links of our scheme come back to this app.
    pub deep_link: DeepLink,
    /// Our client ID metadata document, if one is published (protocol's CIMD).
    pub client_metadata: Option<ClientId>,
}

/// All sign-ins of this machine. Cheap to clone.
#[derive(Clone)]
pub struct SignIns(Arc<Inner>);

struct Inner {
    around: Surroundings,
    flows: Flows,
    in_hand: InHand,
    late: Late,
    tasks: TaskTracker,
    owing: Notify,
    news: broadcast::Sender<News>,
}

impl SignIns {
    /// Takes its surroundings; [`SignIns::resume`] brings back what waited before a restart.
    pub fn new(around: Surroundings) -> Self {
        let (news, _) = broadcast::channel(256);
        Self(Arc::new(Inner {
            around,
            flows: Flows::default(),
            in_hand: InHand::default(),
            late: Late::default(),
            tasks: TaskTracker::new(),
            owing: Notify::new(),
            news,
        }))
    }

    /// Begins a sign-in to `server` and returns at once. One that is under way there with the same wish gives way to it;
    /// others stay, and each does what it was begun for.
    pub fn begin(&self, server: ServerId, wish: Wish, terms: Terms) -> SignInId {
        let id = SignInId::random();
        let entry = self.0.around.record.begin(id.into(), server);
        if let Some(account) = wish.account() {
            entry.about(account);
        }
        let expires_at = self.0.around.clock.now().after(LIFETIME);
        let begun = Begun {
            wish,
            terms,
            entry,
            registered_anew: false,
            left: CancellationToken::new(),
        };
        let stage = Stage::Preparing;
        let progress = Progress {
            id,
            wish,
            expires_at,
            stage,
        };
        let (left, ending) = self.0.flows.begin(server, progress, begun.clone());
        self.write(left);
        let run = Run {
            server,
            id,
            expires_at,
            begun,
            again: None,
        };
        self.set_out(run, ending);
        id
    }

    /// Ends a waiting sign-in because the person says so; its answer is no longer taken.
    pub async fn cancel(&self, id: SignInId) -> Result<(), NotWaiting> {
        let (wish, entry) = self.0.flows.purpose(id).ok_or(NotWaiting)?;
        self.take_back(entry.server(), Some(wish)).await;
        self.end(id, &entry, Outcome::Cancelled);
        Ok(())
    }

    /// Ends whatever waits at a server that is being changed or deleted.
    pub async fn drop_server(&self, server: ServerId) {
        self.take_back(server, None).await;
        self.write(self.0.flows.forget(server, None));
    }

    /// Ends whatever waits for an account that is being removed.
    pub async fn drop_account(&self, server: ServerId, account: AccountId) {
        let wish = Some(Wish::Again(account));
        self.take_back(server, wish).await;
        self.write(self.0.flows.forget(server, wish));
    }

    /// Closes the doors for answers and forgets the labels, at the end of the app or because the vault is locked; what waits is
    /// on disk, and [`SignIns::resume`] brings it back. An answer that was taken already is seen through: its state is burnt,
    /// so nobody could bring it again.
    pub async fn rest(&self) {
        for left in self.0.flows.clear() {
            left.save().await;
        }
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    /// Lets none of a server's sign-ins with this wish (for `None`: with any) count any more: not one that is being
    /// prepared, not one that waits (also one without a label), and not one whose answer is being exchanged. The rows
    /// go before it is counted, so that an answer that has burnt its own row in time sees the count change.
    async fn take_back(&self, server: ServerId, wish: Option<Wish>) {
        self.0.flows.stop(server, wish);
        if let Err(error) = table::forget(&self.0.around.store, &self.0.around.vault, server, wish).await {
            tracing::warn!(%error, "a sign-in that was taken back stays until it expires");
        }
        self.0.flows.take_back(server, wish);
    }

    /// Opens the browser once more at the page of a waiting sign-in.
    pub async fn reopen(&self, id: SignInId) -> Result<(), ReopenError> {
        let link = self.link(id)?;
        self.0.around.browser.open(&link).await?;
        Ok(())
    }

    /// Gives the address of that page.
    pub fn link(&self, id: SignInId) -> Result<Url, NotWaiting> {
        self.0.flows.link(id).ok_or(NotWaiting)
    }

    /// Tells where the sign-in at a server stands that began last, if one is under way.
    pub fn progress(&self, server: ServerId) -> Option<Progress> {
        self.0.flows.progress(server)
    }

    /// Tells whether a sign-in is under way anywhere that can still be finished.
    pub fn is_one_under_way(&self) -> bool {
        self.0.flows.is_one_under_way(self.0.around.clock.now())
    }

    /// Tells when the last answer came that belongs to a waiting sign-in, since the app started.
    pub fn last_answer(&self) -> Option<Timestamp> {
        self.0.flows.last_answer()
    }

    /// Tells how the last sign-in at a server ended since the app started.
    pub fn last_outcome(&self, server: ServerId) -> Option<Outcome> {
        self.0.flows.outcome(server)
    }

    /// Hears what happens from now on.
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.0.news.subscribe()
    }

    fn tell(&self, news: News) {
        // Nobody listening is fine: the news is a hint to look, not the truth.
        let _ = self.0.news.send(news);
    }

    fn end(&self, id: SignInId, entry: &Entry, outcome: Outcome) {
        entry.ended(&outcome);
        self.write([entry.clone()]);
        self.0.flows.end(entry.server(), id, outcome);
        self.tell(News::Ended(entry.server()));
    }

    /// Writes down what happened, beside whatever goes on; the app does not end before.
    fn write(&self, entries: impl IntoIterator<Item = Entry>) {
        for entry in entries {
            self.0.tasks.spawn(async move { entry.save().await });
        }
    }
}
