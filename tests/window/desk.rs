//! The desk a person sits at: starts the app, closes its window, follows what the browser is given, and lets the
//! system open links.

use std::{
    cell::{Cell, RefCell},
    env, fs,
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
};

use tokio::process::{Child, Command};
use url::Url;
use usher_tests::{Arrival, Decision, Person};

use crate::{driver::Driver, page::Page, wait::until};

/// The system's own opener; the one first on `PATH` only writes down what the app wants opened.
const OPENER: &str = "/usr/bin/xdg-open";

/// One person's desk, in a session of its own.
pub struct Desk {
    folder: PathBuf,
    pictures: PathBuf,
    inspector: RefCell<String>,
    taken: Cell<usize>,
}

impl Desk {
    /// Sets up the desk for a case.
    pub fn new(case: &str) -> Self {
        let folder = PathBuf::from(env::var_os("USHER_SESSION").expect("the session names its folder"));
        let pictures =
            PathBuf::from(env::var_os("USHER_PICTURES").expect("the session says where pictures go"));
        assert!(pictures.ends_with(case), "each case has its own folder");
        let desk = Self {
            folder,
            pictures,
            inspector: RefCell::new(free_address()),
            taken: Cell::new(0),
        };
        desk.put_recorder_first();
        desk
    }

    /// Starts the app, or with an app that runs already, starts it a second time.
    pub fn start(&self) -> Child {
        self.start_program(&app())
    }

    /// Starts the app where there is no session bus.
    pub fn start_without_bus(&self) -> Child {
        let mut command = self.command(&app());
        // Without the address, the place where a bus usually is would be tried.
        command.env("DBUS_SESSION_BUS_ADDRESS", "disabled:");
        self.spawn(command)
    }

    /// Starts a program with a window.
    pub fn start_program(&self, program: &Path) -> Child {
        self.spawn(self.command(program))
    }

    fn spawn(&self, mut command: Command) -> Child {
        let errors = File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("app.err"))
            .expect("a file for what the app says");
        command
            .stderr(errors)
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts")
    }

    /// Looks at the window of the app that runs, whoever started it.
    pub async fn look(&self) -> Page {
        let inspector = self.inspector.borrow().clone();
        let driver = Driver::attach(&inspector, free_port()).await;
        Page::new(driver, self.pictures.clone(), self.taken.get())
    }

    /// Looks away from a page, so that another can be looked at.
    pub fn look_away(&self, page: Page) {
        self.taken.set(page.taken());
    }

    /// Looks at the next start by itself, whatever the one before still does.
    pub fn look_at_next_start(&self) {
        self.inspector.replace(free_address());
    }

    /// Waits until no other start of the app can reach the one that runs.
    pub async fn door_is_closed(&self) {
        let door = self.data_directory().join("usher.sock");
        until("the door to be closed", async || (!door.exists()).then_some(())).await;
    }

    /// Waits for the next page the app wants opened, after `seen` others.
    pub async fn opened(&self, seen: usize) -> Url {
        until("a page for the browser", async || {
            self.all_opened().get(seen).cloned()
        })
        .await
    }

    /// Gives every page the app wanted opened.
    pub fn all_opened(&self) -> Vec<Url> {
        let text = fs::read_to_string(self.folder.join("opened")).unwrap_or_default();
        text.lines()
            .map(|line| Url::parse(line).expect("the app opens URLs"))
            .collect()
    }

    /// Goes to a page, agrees, and gives the link the browser ends at.
    pub async fn agree(&self, page: Url) -> String {
        match Person::follow(page, Decision::Allow).await {
            Ok(Arrival::Link(link)) => link,
            other => panic!("the browser should end at a link of the app, not at {other:?}"),
        }
    }

    /// Lets the system open a link with whatever is registered for it.
    pub async fn open_link(&self, link: &str) {
        let opened = self.command(Path::new(OPENER)).arg(link).status().await;
        assert!(
            opened.is_ok_and(|status| status.success()),
            "the system opens the link"
        );
    }

    /// Closes the window with the mouse's means, and waits until it is gone.
    pub async fn close_window(&self) {
        let closed = self
            .command(Path::new("wmctrl"))
            .args(["-c", "Usher"])
            .status()
            .await;
        assert!(
            closed.is_ok_and(|status| status.success()),
            "the window manager closes the window"
        );
        until("the window to be gone", async || {
            (!self.has_window().await).then_some(())
        })
        .await;
    }

    /// Waits until the window is on the screen.
    pub async fn has_window_again(&self) {
        until("the window to be on the screen", async || {
            self.has_window().await.then_some(())
        })
        .await;
    }

    /// Takes a picture of the whole screen.
    pub async fn picture_of_screen(&self, page: &Page, name: &str) {
        let path = page.next_picture(name);
        let mut import = self.command(Path::new("import"));
        let taken = import.args(["-window", "root"]).arg(path).status().await;
        assert!(
            taken.is_ok_and(|status| status.success()),
            "the screen is pictured"
        );
    }

    /// Waits for a dialog of the system, types the answer and presses Enter.
    pub async fn answer_dialog(&self, title: &str, answer: &str) {
        until(&format!("the dialog {title:?}"), async || {
            self.shows_window(title).await.then_some(())
        })
        .await;
        let typed = self
            .command(Path::new("xdotool"))
            .args([
                "search",
                "--onlyvisible",
                "--name",
                title,
                "windowfocus",
                "--sync",
            ])
            .args(["type", "--args", "1", "--delay", "20", answer, "key", "Return"])
            .status()
            .await;
        assert!(typed.is_ok_and(|status| status.success()), "the answer is typed");
        until(&format!("the dialog {title:?} to be gone"), async || {
            (!self.shows_window(title).await).then_some(())
        })
        .await;
    }

    /// Waits until the app's log says something for the `count`th time.
    pub async fn logs(&self, sentence: &str, count: usize) {
        until(&format!("{sentence:?} in the log"), async || {
            (self.times_logged(sentence) >= count).then_some(())
        })
        .await;
    }

    /// Counts how often the app's log says something.
    pub fn times_logged(&self, sentence: &str) -> usize {
        let log = fs::read_to_string(self.data_directory().join("usher.log")).unwrap_or_default();
        log.matches(sentence).count()
    }

    /// Returns where the app keeps its data.
    pub fn data_directory(&self) -> PathBuf {
        self.folder.join("home/.local/share/usher")
    }

    async fn has_window(&self) -> bool {
        self.shows_window("^Usher$").await
    }

    async fn shows_window(&self, title: &str) -> bool {
        let search = self
            .command(Path::new("xdotool"))
            .args(["search", "--onlyvisible", "--name", title])
            .output()
            .await;
        search.is_ok_and(|found| found.status.success())
    }

    /// A program with the environment of this desk: the recorder first on `PATH`, the window open to WebDriver.
    fn command(&self, program: &Path) -> Command {
        let mut path = self.folder.join("bin").into_os_string();
        path.push(":");
        path.push(env::var_os("PATH").unwrap_or_default());
        let mut command = Command::new(program);
        command
            .env("PATH", path)
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("WEBKIT_INSPECTOR_SERVER", self.inspector.borrow().as_str());
        command
    }

    fn put_recorder_first(&self) {
        let recorder = self.folder.join("bin/xdg-open");
        let script = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}/opened'\n",
            self.folder.display()
        );
        fs::write(&recorder, script).expect("the recorder is written");
        make_startable(&recorder).expect("the recorder can be started");
    }
}

#[cfg(unix)]
fn make_startable(path: &Path) -> std::io::Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755))
}

/// Nothing to do: these cases are told on Linux, and merely compile elsewhere.
#[cfg(not(unix))]
fn make_startable(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Returns the app, which lies beside this program.
fn app() -> PathBuf {
    let here = env::current_exe().expect("this program has a path");
    here.with_file_name("usher-desktop")
}

fn free_address() -> String {
    format!("127.0.0.1:{}", free_port())
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener
        .local_addr()
        .expect("a bound socket has an address")
        .port()
}
