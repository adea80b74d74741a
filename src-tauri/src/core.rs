//! The core's life inside the desktop: it starts beside the window, and the window waits for it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tauri::{AppHandle, Manager, async_runtime};
use tokio::sync::OnceCell;
use usher_core::{
    api::{App, Doors, Settings, contract::AppError},
    ports::SystemClock,
};

use crate::{
    deep_link,
    doors::{SystemBrowser, SystemKeychain},
    environment::Environment,
    events,
};

/// How long quitting waits for connections to be closed.
const FAREWELL: Duration = Duration::from_secs(5);

/// The core, once it runs.
#[derive(Default)]
pub struct Core {
    app: OnceCell<App>,
    failed: AtomicBool,
}

impl Core {
    /// Waits for the core. If it could not start, that is tried again, as whoever asks has asked for.
    pub async fn app(&self, desktop: &AppHandle) -> Result<App, AppError> {
        let started = self.app.get_or_try_init(|| start(desktop)).await;
        self.failed.store(started.is_err(), Ordering::Relaxed);
        started.cloned()
    }

    /// Returns whether the core could not start, so that there is nothing to keep alive.
    pub fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }
}

/// Starts the core and lets the desktop follow it.
async fn start(desktop: &AppHandle) -> Result<App, AppError> {
    let environment = desktop.state::<Environment>();
    let settings = Settings {
        data_directory: environment.data_directory.clone(),
        deep_link: deep_link::claim(desktop.clone()).await,
        client_metadata: None,
    };
    let started = App::start(doors(&environment), settings).await;
    match &started {
        Ok(app) => events::follow(desktop, app),
        Err(error) => tracing::error!(%error, "the app could not start"),
    }
    started
}

/// Lets the core end what it is doing.
pub fn stop(desktop: &AppHandle) {
    if let Some(app) = desktop.state::<Core>().app.get() {
        let ended = async_runtime::block_on(async { tokio::time::timeout(FAREWELL, app.shutdown()).await });
        if ended.is_err() {
            tracing::warn!("not every connection could be closed in time");
        }
    }
}

fn doors(environment: &Environment) -> Doors {
    Doors {
        clock: Arc::new(SystemClock),
        browser: Arc::new(SystemBrowser),
        keychain: Arc::new(SystemKeychain::new(environment.key_name())),
    }
}
