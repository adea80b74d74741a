//! Linux: the Desktop Notifications Specification 1.2, over the session bus.
//!
//! One connection for all notifications, kept while it holds: GNOME takes down what a connection has shown when that
//! connection goes, and some servers tell of clicks only there.

use std::{collections::HashMap, sync::Arc, time::Duration};

use futures::StreamExt;
use tauri::async_runtime::{self, JoinHandle};
use tokio::sync::{Mutex, Notify, mpsc::UnboundedSender};
use zbus::{
    Connection, MatchRule, Message, MessageStream, Proxy, connection, fdo, message,
    names::{BusName, OwnedUniqueName},
    zvariant::Value,
};

use super::{Click, Notice, SNOOZE};

const SERVICE: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
const APP: &str = "Usher";
/// The program's name, under which the packages install its icon.
const ICON: &str = "usher-desktop";
/// How long a server may take to answer.
const LIMIT: Duration = Duration::from_secs(10);
/// The desktop decides how long a notification stays in sight.
const AS_USUAL: i32 = -1;

/// Shows our notification, and tells of clicks on it.
pub struct Notifier {
    clicks: UnboundedSender<Click>,
    unheard: Arc<Notify>,
    bus: Mutex<Option<Bus>>,
    shown: Arc<Mutex<Option<Shown>>>,
}

/// The connection, and the task that hears its signals.
struct Bus {
    connection: Connection,
    listener: JoinHandle<()>,
}

/// The notification that is shown now, as its server numbers it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shown {
    number: u32,
    server: OwnedUniqueName,
}

/// What a signal says about our notification.
#[derive(Debug, PartialEq, Eq)]
enum Heard {
    Click(Click),
    Closed,
}

impl Notifier {
    /// Asks nothing of the system yet. `unheard` is told when a notification could not be shown; the log says why.
    pub fn new(clicks: UnboundedSender<Click>, unheard: Arc<Notify>) -> Self {
        Self {
            clicks,
            unheard,
            bus: Mutex::default(),
            shown: Arc::default(),
        }
    }

    /// Returns whether the notification is still there.
    pub async fn is_shown(&self) -> bool {
        let mut shown = self.shown.lock().await;
        self.forget_if_gone(&mut shown).await;
        shown.is_some()
    }

    /// Shows a notification, in the place of the one that is there.
    pub async fn show(&self, notice: &Notice) {
        // Held until its number is known, so that no signal about it is heard before.
        let mut shown = self.shown.lock().await;
        self.forget_if_gone(&mut shown).await;
        let replaced = shown.as_ref().map_or(0, |shown| shown.number);
        match self.notify(notice, replaced).await {
            Ok(now) => *shown = Some(now),
            // The one that was to be replaced still has its number.
            Err(error) => {
                tracing::warn!(%error, "the notification could not be shown");
                *self.bus.lock().await = None;
                self.unheard.notify_one();
            }
        }
    }

    /// Takes the notification down.
    pub async fn close(&self) {
        let Some(shown) = self.shown.lock().await.take() else {
            return;
        };
        let closed = match self.connection().await {
            Ok(connection) => close(&connection, &shown).await,
            Err(error) => Err(error),
        };
        if let Err(error) = closed {
            tracing::debug!(%error, "the notification was gone already");
        }
    }

    /// Forgets a notification that went with its server. To the server that came after it, its number means nothing, or the
    /// notification of another app.
    async fn forget_if_gone(&self, shown: &mut Option<Shown>) {
        let Some(Shown { server: its_own, .. }) = &*shown else {
            return;
        };
        let Ok(connection) = self.connection().await else {
            return;
        };
        let is_gone = match owner(&connection).await {
            Ok(server) => server != *its_own,
            Err(error) => matches!(error, fdo::Error::NameHasNoOwner(_)),
        };
        if is_gone {
            *shown = None;
        }
    }

    async fn notify(&self, notice: &Notice, replaced: u32) -> zbus::Result<Shown> {
        let connection = self.connection().await?;
        let server = server(&connection, SERVICE.try_into()?).await?;
        let able: Vec<String> = server.call("GetCapabilities", &()).await?;
        let labels = &notice.labels;
        let reconnect = notice.reconnect();
        let mut actions = vec!["default", &labels.open];
        let body = if able.iter().any(|one| one == "actions") {
            if let Some(deeds) = &labels.deeds {
                actions.extend([reconnect.as_str(), &deeds.reconnect, SNOOZE, &deeds.snooze]);
            }
            &notice.body
        } else {
            &notice.body_alone
        };
        let hints = HashMap::<&str, Value<'_>>::new();
        let told = (APP, replaced, ICON, &notice.title, body, actions, hints, AS_USUAL);
        let answer = server.call_method("Notify", &told).await?;
        let header = answer.header();
        let server = header.sender().ok_or(zbus::Error::InvalidReply)?;
        Ok(Shown {
            number: answer.body().deserialize()?,
            server: server.to_owned().into(),
        })
    }

    async fn connection(&self) -> zbus::Result<Connection> {
        let mut bus = self.bus.lock().await;
        if let Some(bus) = &*bus {
            return Ok(bus.connection.clone());
        }
        let connection = connection::Builder::session()?
            .method_timeout(LIMIT)
            .build()
            .await?;
        let rule = MatchRule::builder()
            .msg_type(message::Type::Signal)
            .path(PATH)?
            .interface(SERVICE)?
            .build();
        let signals = MessageStream::for_match_rule(rule, &connection, None).await?;
        let (shown, clicks) = (Arc::clone(&self.shown), self.clicks.clone());
        *bus = Some(Bus {
            connection: connection.clone(),
            listener: async_runtime::spawn(listen(signals, shown, clicks)),
        });
        Ok(connection)
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

async fn server<'a>(connection: &'a Connection, name: BusName<'a>) -> zbus::Result<Proxy<'a>> {
    Proxy::new(connection, name, PATH, SERVICE).await
}

/// Returns who shows notifications now.
async fn owner(connection: &Connection) -> fdo::Result<OwnedUniqueName> {
    let bus = fdo::DBusProxy::new(connection).await?;
    bus.get_name_owner(SERVICE.try_into().map_err(zbus::Error::from)?)
        .await
}

/// Asks the server that shows it, and no other.
async fn close(connection: &Connection, shown: &Shown) -> zbus::Result<()> {
    let server = server(connection, (&shown.server).into()).await?;
    server.call("CloseNotification", &shown.number).await
}

/// Hears the signals of one connection, until it is closed.
async fn listen(
    mut signals: MessageStream,
    shown: Arc<Mutex<Option<Shown>>>,
    clicks: UnboundedSender<Click>,
) {
    while let Some(Ok(signal)) = signals.next().await {
        let mut shown = shown.lock().await;
        match shown.as_ref().and_then(|shown| heard(&signal, shown)) {
            // Nobody who hears clicks is there only at the end.
            Some(Heard::Click(click)) => drop(clicks.send(click)),
            Some(Heard::Closed) => *shown = None,
            None => {}
        }
    }
}

/// Reads a signal about our notification. Only the server that shows it knows what the person clicked: any program on
/// the bus can send the same signal, and a click may open the browser (S14).
fn heard(signal: &Message, shown: &Shown) -> Option<Heard> {
    let header = signal.header();
    if header.sender()?.as_str() != shown.server.as_str() {
        return None;
    }
    let body = signal.body();
    let (number, heard) = match header.member()?.as_str() {
        "ActionInvoked" => {
            let (number, action): (u32, String) = body.deserialize().ok()?;
            (number, Heard::Click(Click::on(&action)?))
        }
        "NotificationClosed" => {
            let (number, _reason): (u32, u32) = body.deserialize().ok()?;
            (number, Heard::Closed)
        }
        _ => return None,
    };
    (number == shown.number).then_some(heard)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: &str = ":1.7";

    fn signal<'a>(sender: &'a str, member: &'a str) -> message::Builder<'a> {
        let signal = Message::signal(PATH, SERVICE, member);
        let signal = signal.and_then(|signal| signal.sender(sender));
        signal.expect("a well-formed signal")
    }

    fn of_ours(signal: zbus::Result<Message>) -> Option<Heard> {
        let shown = Shown {
            number: 41,
            server: SERVER.try_into().expect("a unique name"),
        };
        heard(&signal.expect("a well-formed body"), &shown)
    }

    fn invoked(sender: &str, number: u32, action: &str) -> Option<Heard> {
        of_ours(signal(sender, "ActionInvoked").build(&(number, action)))
    }

    #[test]
    fn each_action_is_its_click_and_an_unknown_one_is_none() {
        let clicked = |action| invoked(SERVER, 41, action);
        assert_eq!(clicked("default"), Some(Heard::Click(Click::Open)));
        let reconnect = |id: Option<&str>| Heard::Click(Click::Reconnect(id.map(str::to_owned)));
        assert_eq!(clicked("reconnect"), Some(reconnect(None)));
        assert_eq!(clicked("reconnect:7"), Some(reconnect(Some("7"))));
        assert_eq!(clicked("reconnected"), None);
        assert_eq!(clicked("snooze"), Some(Heard::Click(Click::Snooze)));
        assert_eq!(clicked("sign-in"), None);
        let closed = signal(SERVER, "NotificationClosed").build(&(41_u32, 2_u32));
        assert_eq!(of_ours(closed), Some(Heard::Closed));
    }

    #[test]
    fn s14_only_the_server_that_shows_our_notification_tells_of_clicks_on_it() {
        assert_eq!(invoked(":1.8", 41, "reconnect"), None, "another program");
        assert_eq!(invoked(SERVER, 42, "reconnect"), None, "another notification");
        let odd = signal(SERVER, "ActionInvoked").build(&("41", "reconnect"));
        assert_eq!(of_ours(odd), None, "not as the specification has it");
    }
}
