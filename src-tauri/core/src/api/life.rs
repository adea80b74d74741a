//! The app's beginning and end, and the news in between.

use std::{sync::Arc, time::Duration};

use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    App, Doors, Rooms, Settings,
    contract::{AppError, ErrorCode, EventBody, RevocationView},
    errors,
    events::Events,
    presence::Presence,
    secrets::sealed_columns,
    servers::Memory,
    views,
};
use crate::{
    base::{AccountId, AuthKind, ServerId},
    connect::{ConnectionNews, Connections},
    grants::{self, Grants, Settled},
    ports::{Http, WayOut},
    record::Record,
    reminders::Reminders,
    servers::{Server, Servers},
    sign_in::{News, SignIns, Surroundings},
    store::{Store, Vault, VaultState},
    transfer::{self, Transfer},
};

/// How long the end waits for sign-ins: as long as a token endpoint may take (30 s), and then whoever says who signed in (5 s).
const FINISHING: Duration = Duration::from_secs(35);
const USER_AGENT: &str = concat!("Usher/", env!("CARGO_PKG_VERSION"));

impl App {
    /// Opens the data directory, then everything that was open before. A closed vault is a state that the
    /// window shows, not an error.
    ///
    /// Fails only where nothing could be shown or kept: the `Store…` codes.
    pub async fn start(doors: Doors, settings: Settings) -> Result<Self, AppError> {
        let path = settings.data_directory.clone();
        let store = Store::open(&path)
            .await
            .map_err(|error| errors::of_opening(error, &path))?;
        let vault = Vault::open(store.clone(), doors.keychain.clone(), sealed_columns())
            .await
            .map_err(errors::of_store)?;
        let way_out = WayOut::new(doors.network.clone());
        let http = Http::new(USER_AGENT, way_out).map_err(|_| AppError::new(ErrorCode::Certificate))?;
        let reminders = Reminders::open(store.clone(), doors.clock.clone()).await;
        let reminders = reminders.map_err(errors::of_store)?;
        let app = Self(Arc::new(rooms(doors, settings, (store, vault, http, reminders))));
        app.recall_owing().await?;
        app.recall_auto_lock().await?;
        app.listen();
        app.wake().await?;
        Ok(app)
    }

    /// Closes every connection, ends the background work and waits for what was already asked for at a token endpoint, half a
    /// minute at most: an answer that comes then is the only one there will be. What came already is written first.
    pub async fn shutdown(&self) {
        let begun = self.0.clock.monotonic();
        self.0.stop.cancel();
        tokio::join!(self.rest_sign_ins(FINISHING), self.rest_grants());
        self.0.connections.shutdown().await;
        self.0.tasks.close();
        self.0.tasks.wait().await;
        // The background may have begun to ask just before it ended, and what was lent until then may have been renewed.
        let taken = self.0.clock.monotonic().saturating_sub(begun);
        tokio::join!(
            self.rest_sign_ins(FINISHING.saturating_sub(taken)),
            self.rest_grants()
        );
        if let Err(error) = self.0.store.back_up_if_due(self.0.clock.now()).await {
            tracing::warn!(%error, "no backup could be made at the end");
        }
        self.0.store.close().await;
    }

    async fn rest_sign_ins(&self, limit: Duration) {
        let resting = tokio::time::timeout(limit, self.0.sign_ins.rest());
        if resting.await.is_err() {
            tracing::warn!("not every sign-in could be finished in time");
        }
    }

    async fn rest_grants(&self) {
        if let Err(error) = self.0.grants.rest().await {
            tracing::error!(%error, "tokens that were received could not be written");
        }
    }

    /// Takes up what waited: sign-ins under way, servers the person wants connected.
    async fn wake(&self) -> Result<(), AppError> {
        if !matches!(self.0.vault.state(), VaultState::Open(_)) {
            return Ok(());
        }
        let vault = self.0.vault.clone();
        self.run(async move {
            if let Err(error) = vault.catch_up().await {
                tracing::warn!(%error, "not everything is sealed anew yet");
            }
        });
        self.0.sign_ins.resume().await;
        for server in self.0.servers.list().await.map_err(errors::of_servers)? {
            self.open_if_wanted(&server).await;
        }
        Ok(())
    }

    /// Connects a server in the background if the person wants it connected; never opens a browser.
    pub(super) async fn open_if_wanted(&self, server: &Server) {
        if server.wanted {
            self.0.connections.open(server.id).await;
        }
    }

    /// Tells the window how a server is now. One at a time, from looking to telling: else what was seen earlier
    /// could be told later and stay.
    pub(super) async fn publish(&self, server: ServerId) {
        let _turn = self.0.publishing.lock().await;
        if let Ok(view) = self.server_view(server).await {
            self.0.events.send(EventBody::Server {
                server: Box::new(view),
            });
        }
    }

    fn listen(&self) {
        let rooms = &self.0;
        self.follow(rooms.connections.news(), |app, news| async move {
            match news {
                ConnectionNews::State(server) => app.publish(server).await,
                ConnectionNews::Tools(server) => {
                    app.0.events.send(EventBody::Tools {
                        id: server.to_string(),
                    });
                    app.publish(server).await;
                }
            }
        });
        self.follow(rooms.grants.news(), |app, server| async move {
            app.publish(server).await
        });
        self.follow(rooms.grants.settled(), |app, settled| async move {
            app.on_settled(settled).await
        });
        self.follow(rooms.sign_ins.news(), |app, news| async move {
            app.on_sign_in(news).await
        });
        self.follow(rooms.record.news(), |app, grown| async move {
            app.on_grown(grown);
        });
        self.follow_vault();
        self.follow_reminders();
        self.follow_network();
        let grants = rooms.grants.clone();
        self.run(async move { grants.keep_alive().await });
        let grants = rooms.grants.clone();
        self.run(async move { grants.keep_promises().await });
        let sign_ins = rooms.sign_ins.clone();
        self.run(async move { sign_ins.keep_promises().await });
        let app = self.clone();
        self.run(async move { app.lock_when_left().await });
        let (store, clock) = (rooms.store.clone(), rooms.clock.clone());
        self.run(async move { store.keep_backups(&*clock).await });
    }

    /// Tells what became of tokens that could not be revoked at once; their client may go now.
    async fn on_settled(&self, settled: Settled) {
        let Settled {
            server,
            revocation,
            client,
        } = settled;
        if let Some(revocation) = revocation {
            self.0.memory.revoked(server, Some(views::revocation(revocation)));
        }
        self.0.sign_ins.let_go(server, client.into_iter().collect());
        self.publish(server).await;
    }

    /// Remembers where a revocation is still owed since an earlier start.
    async fn recall_owing(&self) -> Result<(), AppError> {
        for server in self.0.grants.owing().await.map_err(errors::of_grants)? {
            self.0.memory.revoked(server, Some(RevocationView::Unreachable));
        }
        Ok(())
    }

    async fn on_sign_in(&self, news: News) {
        let server = match news {
            News::Progress(server) | News::Ended(server) => server,
            News::SignedIn(server, account) => {
                self.on_signed_in(server, account).await;
                server
            }
        };
        if matches!(news, News::Ended(_)) && self.0.sign_ins.progress(server).is_none() {
            self.0.connections.sign_in_failed(server);
        }
        self.publish(server).await;
    }

    /// Connects anew with what a sign-in brought. One that brought an account beside the one in use disturbs nothing.
    async fn on_signed_in(&self, server: ServerId, account: AccountId) {
        let kept = self.0.servers.set_auth_kind(server, AuthKind::Oauth).await;
        if let Err(error) = kept {
            tracing::warn!(%error, "how the server is asked could not be stored");
        }
        let used = self.0.grants.account(server).await.unwrap_or_default();
        let is_used = used.is_some_and(|used| used.id == account);
        if is_used
            && let Ok(Some(server)) = self.0.servers.get(server).await
            && server.wanted
        {
            self.0.connections.signed_in(server.id).await;
        }
    }

    fn follow_vault(&self) {
        let app = self.clone();
        self.run(async move { app.keep_again_when_lost().await });
        let (app, mut states) = (self.clone(), self.0.vault.watch());
        self.run(async move {
            while states.changed().await.is_ok() {
                let state = *states.borrow_and_update();
                app.0.events.send(EventBody::Vault {
                    vault: views::vault(state, app.0.presence.limit()),
                });
                if let Err(error) = app.wake().await {
                    tracing::warn!(%error, "not everything could be taken up after the vault opened");
                }
            }
        });
    }

    fn follow_network(&self) {
        let way_out = self.0.http.way_out().clone();
        self.run(async move { way_out.keep_looking().await });
        let (app, mut way_out) = (self.clone(), self.0.http.way_out().watch());
        self.run(async move {
            while way_out.changed().await.is_ok() {
                let is_there = *way_out.borrow_and_update();
                app.0.events.send(EventBody::Network {
                    network: views::network(is_there),
                });
            }
        });
    }

    /// Handles news one by one, so that what the window hears last is what is true.
    fn follow<T, F>(&self, mut news: Receiver<T>, handle: impl Fn(Self, T) -> F + Send + 'static)
    where
        T: Clone + Send + 'static,
        F: Future<Output = ()> + Send,
    {
        let app = self.clone();
        self.run(async move {
            loop {
                match news.recv().await {
                    Ok(item) => handle(app.clone(), item).await,
                    Err(RecvError::Lagged(_)) => app.publish_all().await,
                    Err(RecvError::Closed) => return,
                }
            }
        });
    }

    pub(super) async fn publish_all(&self) {
        for server in self.0.servers.list().await.unwrap_or_default() {
            self.publish(server.id).await;
        }
    }

    /// Runs background work until the app is shut down.
    pub(super) fn run(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.0.stop.clone();
        self.0.tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = work => {}
            }
        });
    }
}

fn rooms(
    doors: Doors,
    settings: Settings,
    (store, vault, http, reminders): (Store, Vault, Http, Reminders),
) -> Rooms {
    let clock = doors.clock.clone();
    let presence = Presence::new(clock.now());
    let servers = Servers::new(store.clone(), vault.clone(), clock.clone());
    let record = Record::new(store.clone(), clock.clone());
    let grants = Grants::new(grants::Surroundings {
        store: store.clone(),
        vault: vault.clone(),
        http: http.clone(),
        clock: clock.clone(),
        record: record.clone(),
    });
    let sign_ins = SignIns::new(Surroundings {
        store: store.clone(),
        vault: vault.clone(),
        http: http.clone(),
        clock: clock.clone(),
        browser: doors.browser,
        grants: grants.clone(),
        servers: servers.clone(),
        record: record.clone(),
        deep_link: settings.deep_link,
        client_metadata: settings.client_metadata.clone(),
    });
    let transfer = Transfer::new(transfer::Surroundings {
        store: store.clone(),
        servers: servers.clone(),
        grants: grants.clone(),
        clock: clock.clone(),
        folder: settings.exports.clone(),
    });
    let connections = Connections::new(http.clone(), clock, servers.clone(), grants.clone());
    Rooms {
        settings,
        store,
        vault,
        clock: doors.clock,
        http,
        servers,
        grants,
        sign_ins,
        connections,
        record,
        reminders,
        transfer,
        events: Events::new(),
        memory: Memory::default(),
        presence,
        publishing: tokio::sync::Mutex::default(),
        tasks: TaskTracker::new(),
        stop: CancellationToken::new(),
    }
}
