//! The core's life inside the desktop: it starts beside the window, and the window waits for it.

use std::{sync::Arc, time::Duration};

use tauri::{AppHandle, Manager, async_runtime};
use tokio::sync::SetOnce;
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

/// The core, or why it could not start, once that is known.
#[derive(Default)]
pub struct Core(SetOnce<Result<App, AppError>>);

impl Core {
    /// Waits for the core.
    pub async fn app(&self) -> Result<App, AppError> {
        self.0.wait().await.clone()
    }

    /// Returns whether the core could not start, so that there is nothing to keep running.
    pub fn has_failed(&self) -> bool {
        matches!(self.0.get(), Some(Err(_)))
    }
}

/// Starts the core and lets the desktop follow it.
pub async fn start(desktop: AppHandle) {
    let deep_link = deep_link::claim(desktop.clone()).await;
    let environment = desktop.state::<Environment>();
    let settings = Settings {
        data_directory: environment.data_directory.clone(),
        deep_link,
        client_metadata: None,
    };
    let started = App::start(doors(&environment), settings).await;
    match &started {
        Ok(app) => events::follow(&desktop, app),
        Err(error) => tracing::error!(%error, "the app could not start"),
    }
    // This is the only place that sets it, and it runs once.
    let _ = desktop.state::<Core>().0.set(started);
}

/// Lets the core end what it is doing.
pub fn stop(desktop: &AppHandle) {
    if let Some(Ok(app)) = desktop.state::<Core>().0.get() {
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
