#!/bin/bash
# Runs a command in a desktop session of its own: display, session bus, keyring, window manager, home.
#   session.sh open|locked|absent FOLDER COMMAND…
# FOLDER is empty and is this session's alone; FAILED names the picture taken if the command fails.
set -u

outside() {
    local keyring=$1 folder=$2
    shift 2
    export HOME=$folder/home XDG_RUNTIME_DIR=$folder/run
    mkdir -p "$HOME" "$XDG_RUNTIME_DIR" "$folder/bin"
    chmod 700 "$XDG_RUNTIME_DIR"
    unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME WAYLAND_DISPLAY USHER_DATA_DIR DBUS_SESSION_BUS_ADDRESS
    # Debian's xdg-open reads a quoted Exec line only through a known desktop's opener.
    export XDG_CURRENT_DESKTOP=GNOME GDK_BACKEND=x11 LIBGL_ALWAYS_SOFTWARE=1 NO_AT_BRIDGE=1 GTK_A11Y=none
    exec xvfb-run -a -s '-screen 0 1280x800x24 -nolisten tcp' \
        dbus-run-session -- bash "$0" --inside "$keyring" "$@"
}

inside() {
    local keyring=$1
    shift
    if [ "$keyring" != absent ]; then
        printf 'person' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
    fi
    if [ "$keyring" = locked ]; then
        gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \
            --method org.freedesktop.Secret.Service.Lock \
            "['/org/freedesktop/secrets/collection/login']" >/dev/null
    fi
    openbox >/dev/null 2>&1 &
    local manager=$!
    "$@"
    local code=$?
    [ $code -ne 0 ] && [ -n "${FAILED:-}" ] && import -window root "$FAILED"
    kill $manager 2>/dev/null
    return $code
}

if [ "$1" = --inside ]; then
    shift
    inside "$@"
else
    outside "$@"
fi
