//! System packages: installed through apt on Debian and Ubuntu, listed by name elsewhere.

use crate::{
    place,
    program::program,
    setup::Purpose,
    trouble::{Trouble, trouble},
};

const RUN: &[&str] = &[
    "gcc",
    "libc6-dev",
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "libayatana-appindicator3-1",
    "xdg-utils",
    "desktop-file-utils",
];

const TEST: &[&str] = &[
    "xvfb",
    "xauth",
    "dbus",
    "dbus-bin",
    "gnome-keyring",
    "libsecret-tools",
    "webkit2gtk-driver",
    "libglib2.0-bin",
    "libnotify-bin",
    "dunst",
    "imagemagick",
    "xdotool",
    "wmctrl",
    "openbox",
    "fonts-dejavu-core",
    "at-spi2-core",
    "python3-dbus",
    "python3-gi",
    "python3-venv",
    "chromium",
];

const ELSEWHERE: &str = "\
  Fedora   sudo dnf install gcc pkgconf webkit2gtk4.1-devel libayatana-appindicator-gtk3 xdg-utils desktop-file-utils
  Arch     sudo pacman -S --needed base-devel webkit2gtk-4.1 libayatana-appindicator xdg-utils desktop-file-utils
  others   a C compiler, pkg-config, WebKitGTK 4.1 with its headers, libayatana-appindicator, xdg-utils";

/// Installs the missing packages where apt is, and names them where it is not.
pub fn packages(purpose: Purpose) -> Result<(), Trouble> {
    if cfg!(target_os = "linux") {
        linux(purpose)
    } else {
        other(purpose)
    }
}

fn linux(purpose: Purpose) -> Result<(), Trouble> {
    if place::on_path("apt-get").is_some() && place::on_path("dpkg-query").is_some() {
        return through_apt(purpose);
    }
    if !program("pkg-config")
        .with(["--exists", "webkit2gtk-4.1"])
        .succeeds()
    {
        return Err(trouble(format!(
            "WebKitGTK is missing. Install these packages, then start again:\n{ELSEWHERE}"
        )));
    }
    match purpose {
        Purpose::Run => Ok(()),
        Purpose::Test => missing_programs(),
    }
}

fn other(purpose: Purpose) -> Result<(), Trouble> {
    match purpose {
        Purpose::Run => {
            println!("macOS needs Xcode's command line tools, Windows the C++ build tools and WebView2.");
            Ok(())
        }
        Purpose::Test => Err(trouble(
            "The whole test run needs Linux: it drives the real window under a virtual display. \
             Here, `cargo test` runs all that needs no window.",
        )),
    }
}

/// Names the programs the tests start that are missing where there is no apt.
fn missing_programs() -> Result<(), Trouble> {
    let programs = [
        "xvfb-run",
        "dbus-run-session",
        "gnome-keyring-daemon",
        "WebKitWebDriver",
        "openbox",
        "xdg-open",
    ];
    let missing: Vec<&str> = programs
        .into_iter()
        .filter(|p| place::on_path(p).is_none())
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(trouble(format!(
            "Install what brings {}, then start again.",
            missing.join(", ")
        )))
    }
}

fn through_apt(purpose: Purpose) -> Result<(), Trouble> {
    let missing = missing(purpose)?;
    if missing.is_empty() {
        return Ok(());
    }
    println!(
        "Installing {} system packages through apt: {} …",
        missing.len(),
        missing.join(" ")
    );
    let by_hand = format!(
        "sudo apt-get install --no-install-recommends {}",
        missing.join(" ")
    );
    let apt = |arguments: &[&str]| {
        let call = match privilege()? {
            Privilege::Root => program("apt-get"),
            Privilege::Sudo => program("sudo")
                .with(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
                .asking(),
            Privilege::None => {
                return Err(trouble(format!(
                    "System packages are missing and there is no root. Run:\n  {by_hand}"
                )));
            }
        };
        call.env("DEBIAN_FRONTEND", "noninteractive")
            .with(arguments)
            .run()
    };
    apt(&["update", "--quiet"])?;
    let install = ["install", "--yes", "--quiet", "--no-install-recommends"];
    apt(&[&install[..], &missing[..]].concat()).map_err(|e| {
        trouble(format!(
            "{e}\nWhat it says above has to be cleared first; then run:\n  {by_hand}"
        ))
    })
}

enum Privilege {
    Root,
    Sudo,
    None,
}

fn privilege() -> Result<Privilege, Trouble> {
    let user = program("id").with(["-u"]).read()?;
    Ok(match () {
        () if user.trim() == "0" => Privilege::Root,
        () if place::on_path("sudo").is_some() => Privilege::Sudo,
        () => Privilege::None,
    })
}

fn missing(purpose: Purpose) -> Result<Vec<&'static str>, Trouble> {
    let installed = program("dpkg-query")
        .with(["-W", "-f=${Package} ${db:Status-Status}\n"])
        .read()?;
    let wanted = RUN
        .iter()
        .chain(if purpose == Purpose::Test { TEST } else { &[] });
    Ok(wanted
        .copied()
        .filter(|name| !is_installed(&installed, name) && !has_own_chromium(name))
        .collect())
}

fn is_installed(listing: &str, name: &str) -> bool {
    listing
        .lines()
        .any(|line| line.split_once(' ') == Some((name, "installed")))
}

/// Tells whether the package is Chromium and some Chromium is here already: Ubuntu's package is only a pointer to another store.
fn has_own_chromium(name: &str) -> bool {
    name == "chromium" && chromium().is_some()
}

/// Returns the Chromium that journeys use.
pub fn chromium() -> Option<String> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    place::variable("CHROMIUM").or_else(|| {
        names
            .iter()
            .find_map(|name| place::on_path(name))
            .map(|path| path.display().to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removed_package_is_not_an_installed_one() {
        let listing = "xvfb installed\nxvfb-data installed\nopenbox config-files\n";
        assert!(is_installed(listing, "xvfb"));
        assert!(
            !is_installed(listing, "openbox"),
            "only its configuration is left"
        );
        assert!(!is_installed(listing, "xv"), "a beginning is not a name");
    }
}
