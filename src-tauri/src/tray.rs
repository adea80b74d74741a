//! The tray: a way back to the window, who needs the person, and the way out.
//!
//! A desktop without a tray is served as well: then there is none, and a second start shows the window.

use tauri::{
    AppHandle, Wry, async_runtime,
    image::Image,
    include_image,
    menu::{Menu, MenuBuilder, MenuEvent},
    tray::TrayIconBuilder,
};

use crate::{
    attention::{Attention, Needing},
    guard::Guard,
    hints, notify, window,
    words::Words,
};

const TRAY: &str = "usher";
const OPEN: &str = "open";
const SNOOZE: &str = "snooze";
const LOCK: &str = "lock";
const UNLOCK: &str = "unlock";
const QUIT: &str = "quit";
const SERVER: &str = "server:";

const CALM: Image<'_> = include_image!("../icons/tray.png");
const WANTED: Image<'_> = include_image!("../icons/tray-wanted.png");

/// Puts the icon into the tray, if there can be one.
pub fn set_up(app: &AppHandle) {
    if !library::is_there() {
        return tracing::warn!("libayatana-appindicator3 is missing: there is no tray icon");
    }
    if let Err(error) = build(app) {
        tracing::warn!(%error, "there is no tray icon");
    }
}

/// Returns whether the icon is in the tray.
pub fn is_there(app: &AppHandle) -> bool {
    app.tray_by_id(TRAY).is_some()
}

/// What the tray shows now.
#[derive(Default)]
pub struct Tray(Option<(Attention, Guard)>);

impl Tray {
    /// Shows who needs the person, in the icon and in the menu, and there whether it is locked; touches neither where they would be
    /// the same.
    pub async fn show(&mut self, app: &AppHandle, attention: &Attention, guard: Guard) {
        let before = self.0.replace((attention.clone(), guard));
        let before = before
            .as_ref()
            .map(|(attention, guard)| (listed(attention), *guard));
        if before == Some((listed(attention), guard)) {
            return;
        }
        let (app, attention) = (app.clone(), attention.clone());
        // The main thread does it, which does nothing for anybody while the app ends: the core needs its threads for that.
        if async_runtime::spawn_blocking(move || show(&app, &attention, guard))
            .await
            .is_err()
        {
            tracing::warn!("the tray could not be changed");
        }
    }
}

/// Gives what the menu is made of.
fn listed(attention: &Attention) -> (Vec<Needing<'_>>, bool) {
    (attention.servers(), attention.can_be_snoozed())
}

fn show(app: &AppHandle, attention: &Attention, guard: Guard) {
    let Some(tray) = app.tray_by_id(TRAY) else {
        return;
    };
    let icon = if attention.servers().is_empty() {
        CALM
    } else {
        WANTED
    };
    let shown = menu(app, attention, guard)
        .and_then(|menu| tray.set_menu(Some(menu)))
        .and_then(|()| tray.set_icon(Some(icon)));
    if let Err(error) = shown {
        tracing::warn!(%error, "the tray could not be changed");
    }
}

fn build(app: &AppHandle) -> tauri::Result<()> {
    TrayIconBuilder::with_id(TRAY)
        .icon(CALM)
        .tooltip(Words::english().say("tray-title"))
        .menu(&menu(app, &Attention::default(), Guard::default())?)
        .on_menu_event(on_choice)
        .build(app)?;
    Ok(())
}

fn menu(app: &AppHandle, attention: &Attention, guard: Guard) -> tauri::Result<Menu<Wry>> {
    let words = Words::english();
    let menu = MenuBuilder::new(app).text(OPEN, words.say("tray-open"));
    let menu = match guard {
        Guard::None => menu,
        Guard::Unlocked => menu.text(LOCK, words.say("tray-lock")),
        Guard::Locked => menu.text(UNLOCK, words.say("tray-locked")),
    };
    let mut menu = menu.separator();
    for one in attention.servers() {
        menu = menu.text(
            format!("{SERVER}{}", one.id),
            words.say_with(one.sentence, "server", one.name),
        );
    }
    if attention.can_be_snoozed() {
        menu = menu.text(SNOOZE, words.say("tray-snooze"));
    }
    if !attention.servers().is_empty() {
        menu = menu.separator();
    }
    menu.text(QUIT, words.say("tray-quit")).build()
}

fn on_choice(app: &AppHandle, choice: MenuEvent) {
    match choice.id().as_ref() {
        OPEN | UNLOCK => window::show(app),
        LOCK => {
            let app = app.clone();
            async_runtime::spawn(async move { hints::lock(&app).await });
        }
        SNOOZE => {
            let app = app.clone();
            async_runtime::spawn(async move { notify::snooze(&app).await });
        }
        QUIT => app.exit(0),
        other => {
            if let Some(id) = other.strip_prefix(SERVER) {
                window::show_server(app, id);
            }
        }
    }
}

/// Whether the library for tray icons can be loaded. Tauri loads it when the first icon is made and panics if
/// it is missing.
mod library {
    use std::{fs, path::Path};

    use crate::environment;

    const NAMES: [&str; 2] = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];
    const CACHE: &str = "/etc/ld.so.cache";
    /// Where the linker looks without a cache.
    const FOLDERS: [&str; 4] = ["/lib", "/usr/lib", "/lib64", "/usr/lib64"];

    /// Returns whether it can be loaded; other systems than Linux bring their own.
    pub fn is_there() -> bool {
        !cfg!(target_os = "linux")
            || NAMES
                .iter()
                .any(|name| is_in_a_folder(name) || is_in_the_cache(name))
    }

    fn is_in_a_folder(name: &str) -> bool {
        let mut folders = environment::library_path();
        folders.extend(FOLDERS.map(Into::into));
        folders.iter().any(|folder| folder.join(name).exists())
    }

    fn is_in_the_cache(name: &str) -> bool {
        fs::read(CACHE).is_ok_and(|cache| paths(&cache, name).any(|path| Path::new(path).exists()))
    }

    /// Finds the paths of a library in the linker's cache: texts that end in a zero byte.
    fn paths<'a>(cache: &'a [u8], name: &'a str) -> impl Iterator<Item = &'a str> {
        let texts = cache
            .split(|byte| *byte == 0)
            .filter_map(|text| str::from_utf8(text).ok());
        texts.filter(move |text| {
            text.strip_suffix(name)
                .is_some_and(|folder| folder.ends_with('/'))
        })
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_cache_tells_paths_from_names() {
            let cache = b"\x01\xff\0libx.so.1\0/usr/lib/libx.so.1\0/usr/lib/notlibx.so.1\0libx.so.1\0";
            let found: Vec<_> = paths(cache, "libx.so.1").collect();
            assert_eq!(
                found,
                ["/usr/lib/libx.so.1"],
                "only a whole file name after a slash counts"
            );
        }
    }
}
