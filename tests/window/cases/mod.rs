//! The cases: what a person does in the real window, one story each.

mod broken_data;
mod cold_start;
mod keychain;
mod main_job;
mod panel_anew;
mod quitting;
mod reconnect;
mod reminders;
mod second_start;

use std::{future::Future, pin::Pin};

use tokio::process::{Child, Command};

use crate::{desk::Desk, page::Page, session::Keyring, wait::until};

/// A case as it is told.
type Tale = Pin<Box<dyn Future<Output = ()>>>;

/// One case.
pub struct Case {
    /// What it is called on the command line, and its folder of pictures.
    pub name: &'static str,
    /// What it shows when it passes.
    pub proves: &'static str,
    /// How the keyring is when it begins.
    pub keyring: Keyring,
    /// Tells it.
    pub tell: fn(Desk) -> Tale,
}

/// Every case.
pub const CASES: &[Case] = &[
    Case {
        name: "main-job",
        proves: "a person adds a server, signs in, uses a tool, and is still signed in after a restart",
        keyring: Keyring::Open,
        tell: |desk| Box::pin(main_job::tell(desk)),
    },
    Case {
        name: "cold-start",
        proves: "the answer of the browser starts the app again and finishes the sign-in",
        keyring: Keyring::Open,
        tell: |desk| Box::pin(cold_start::tell(desk)),
    },
    Case {
        name: "reconnect",
        proves: "a sign-in that ended shows in the tray and in one notification, and is brought back",
        keyring: Keyring::Open,
        tell: |desk| Box::pin(reconnect::tell(desk)),
    },
    Case {
        name: "reminders",
        proves: "a click on the notification signs in again, and another one puts it off over a restart",
        keyring: Keyring::Open,
        tell: |desk| Box::pin(reminders::tell(desk)),
    },
    Case {
        name: "keychain-locked",
        proves: "a locked keychain is said to be locked, and unlocking it goes on",
        keyring: Keyring::Locked,
        tell: |desk| Box::pin(keychain::locked(desk)),
    },
    Case {
        name: "keychain-absent",
        proves: "without a keychain a passphrase is offered, and asked for at the next start",
        keyring: Keyring::Absent,
        tell: |desk| Box::pin(keychain::absent(desk)),
    },
    Case {
        name: "second-start",
        proves: "of several starts one owns the data, also without a session bus, and the others hand over to it",
        keyring: Keyring::Absent,
        tell: |desk| Box::pin(second_start::tell(desk)),
    },
    Case {
        name: "quitting",
        proves: "a link that comes while the app is still quitting waits for its end and finishes its sign-in",
        keyring: Keyring::Open,
        tell: |desk| Box::pin(quitting::tell(desk)),
    },
    Case {
        name: "panel-anew",
        proves: "what a notification server did not show is told later, and its number means nothing to the next server",
        keyring: Keyring::Open,
        tell: |desk| Box::pin(panel_anew::tell(desk)),
    },
    Case {
        name: "newer-data",
        proves: "data of a newer version is said to be so, and left alone",
        keyring: Keyring::Open,
        tell: |desk| Box::pin(broken_data::newer(desk)),
    },
    Case {
        name: "link-waits",
        proves: "a link waits until the data can be read",
        keyring: Keyring::Open,
        tell: |desk| Box::pin(broken_data::mended(desk)),
    },
];

/// What the log says once it is kept who was told, or that nobody needs to be any more.
const KEPT: &str = "whose loss was told is written down";
/// What the log says of a link that finishes nothing.
const DROPPED: &str = "a link that belongs to no waiting sign-in was dropped";

/// Adds a server by its address, once the app has said what it found there.
async fn add_server(page: &Page, url: &str, found: &str) {
    page.press("Add server").await;
    page.fill("Address", url).await;
    page.sees(found).await;
    page.picture("found").await;
    page.press("Save").await;
}

/// Fills in the weather tool's form, runs it, and sees its answer.
async fn ask_for_weather(page: &Page, city: &str) {
    page.press("forecast").await;
    page.fill("City", city).await;
    page.press("Run").await;
    page.sees(&format!("Tomorrow it will be fine in {city}.")).await;
}

/// Tells the app to end as the system does at logout, and waits until it has.
pub async fn quit(app: Child) {
    tell_to_end(&app).await;
    ended(app).await;
}

async fn tell_to_end(app: &Child) {
    let id = app.id().expect("the app runs").to_string();
    let told = Command::new("kill").arg(id).status().await;
    assert!(
        told.is_ok_and(|status| status.success()),
        "the app is told to end"
    );
}

/// Waits until a start of the app is over, and in order.
async fn ended(mut app: Child) {
    let status = until("the app to end", async || {
        app.try_wait().expect("the app can be looked at")
    })
    .await;
    assert!(status.success(), "the app ends in order: {status}");
}
