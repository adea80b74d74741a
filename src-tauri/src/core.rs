//! The core's life inside the desktop: it starts beside the window, and the window waits for it.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tauri::{
    AppHandle, Manager,
    async_runtime::{self, JoinHandle},
};
use tokio::sync::{Notify, OnceCell, oneshot};
use usher_core::{
    api::{
        App, Doors, Settings,
        contract::{AppError, ErrorCode},
    },
    owner::Door,
    ports::{SystemClock, SystemNetwork},
};

use crate::{
    deep_link,
    doors::{SystemBrowser, SystemKeychain},
    environment::{self, Environment},
    events, second, window,
};

/// How long quitting waits, with no window in the way: as long as a token endpoint may take to answer what it was already
/// asked (30 s), and some seconds for what comes after.
const FAREWELL: Duration = Duration::from_secs(40);

/// How long an app that has the data directory may take until it opens its door.
const OPENING: Duration = Duration::from_secs(5);

/// The core, once it runs.
#[derive(Default)]
pub struct Core {
    app: OnceCell<App>,
    started: Notify,
    failed: AtomicBool,
    visits: Mutex<Option<Visits>>,
}

/// The task that sees to visits, and what ends it.
struct Visits {
    close: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Core {
    /// Waits for the core. If it could not start, that is tried again, as whoever asks has asked for.
    pub async fn app(&self, desktop: &AppHandle) -> Result<App, AppError> {
        let started = self.app.get_or_try_init(|| start(desktop)).await;
        self.failed.store(started.is_err(), Ordering::Relaxed);
        if started.is_ok() {
            self.started.notify_waiters();
        }
        started.cloned()
    }

    /// Waits for the core as long as it takes. If it could not start, the person may yet mend what is in its way and try again.
    pub async fn app_at_last(&self, desktop: &AppHandle) -> App {
        loop {
            let started = self.started.notified();
            match self.app(desktop).await {
                Ok(app) => return app,
                Err(_) => started.await,
            }
        }
    }

    /// Returns whether the core could not start, so that there is nothing to keep alive.
    pub fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// Returns whether a second start can show the window of this one.
    pub fn can_be_visited(&self) -> bool {
        self.visits().is_some()
    }

    fn visits(&self) -> std::sync::MutexGuard<'_, Option<Visits>> {
        self.visits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts the core and lets the desktop follow it.
async fn start(desktop: &AppHandle) -> Result<App, AppError> {
    let environment = desktop.state::<Environment>();
    let settings = Settings {
        data_directory: environment.data_directory.clone(),
        deep_link: deep_link::claim(desktop.clone()).await,
        client_metadata: None,
        exports: environment::folder_for_files(),
    };
    let begin = || App::start(doors(&environment), settings.clone());
    let started = match begin().await {
        Err(error) if error.code == ErrorCode::StoreBusy => {
            let visit = second::visit(environment::arguments());
            let is_heard = || second::is_heard(&environment.data_directory, &visit);
            let turn = second::take_turn(&SystemClock, patience(desktop), begin, is_heard).await;
            // Heard by the other one, this start has nothing left to do.
            let Some(started) = turn else {
                desktop.exit(0);
                return Err(error);
            };
            started
        }
        started => started,
    };
    match &started {
        Ok(app) => {
            events::follow(desktop, app);
            open_door(desktop, &environment);
        }
        Err(error) => tracing::error!(%error, "the app could not start"),
    }
    started
}

/// Returns how long a start waits for another app's data directory: once for as long as that one may take to end, which the
/// window says; when the person tries it again, only until its door is open.
fn patience(desktop: &AppHandle) -> Duration {
    if desktop.state::<Core>().has_failed() {
        return OPENING;
    }
    tracing::info!("another app has the data: it is visited, or waited for");
    window::show_waiting(desktop);
    FAREWELL + OPENING
}

/// Lets other starts of the app reach this one, which now owns the data directory.
fn open_door(desktop: &AppHandle, environment: &Environment) {
    match Door::open(&environment.data_directory) {
        Ok(door) => {
            let (close, closed) = oneshot::channel();
            let task = async_runtime::spawn(second::receive(desktop.clone(), door, closed));
            *desktop.state::<Core>().visits() = Some(Visits { close, task });
        }
        Err(error) => tracing::warn!(%error, "another start of the app cannot reach this one"),
    }
}

/// Lets the core end what it is doing.
pub fn stop(desktop: &AppHandle) {
    window::hide(desktop);
    let core = desktop.state::<Core>();
    let visits = core.visits().take();
    if let Some(Visits { close, task }) = visits {
        // Once the door is closed, a link goes to a new start of the app and cannot be lost in this one.
        drop(close);
        if async_runtime::block_on(task).is_err() {
            tracing::warn!("the door for other starts of the app was not closed in order");
        }
    }
    if let Some(app) = core.app.get() {
        let ended = async_runtime::block_on(async { tokio::time::timeout(FAREWELL, app.shutdown()).await });
        if ended.is_err() {
            tracing::warn!("not everything could be ended in time");
        }
    }
}

fn doors(environment: &Environment) -> Doors {
    Doors {
        clock: Arc::new(SystemClock),
        network: Arc::new(SystemNetwork),
        browser: Arc::new(SystemBrowser),
        keychain: Arc::new(SystemKeychain::new(environment.key_name())),
    }
}
