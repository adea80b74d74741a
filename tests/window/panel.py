#!/usr/bin/python3
"""Stands in for a desktop's panel: keeps tray icons and their menus, and takes notifications.

Asked line by line on standard input, answers with one line of JSON each; ends when the input does.
  menu             the labels of the last tray icon's menu
  click LABEL      chooses an entry of it
  notifications    what was shown so far: number, which one it replaces, title, body and the names of its actions
  refuse           shows the next notification to nobody
  closed           the numbers of those that their app took down
  invoke N ACTION  clicks an action of one
"""
import json
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

WATCHER = "org.kde.StatusNotifierWatcher"
NOTIFICATIONS = "org.freedesktop.Notifications"
PROPERTIES = "org.freedesktop.DBus.Properties"

dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()


class Watcher(dbus.service.Object):
    """Knows who has an icon in the tray."""

    icons = []

    @dbus.service.method(WATCHER, in_signature="s", sender_keyword="sender")
    def RegisterStatusNotifierItem(self, service, sender=None):
        icon = (sender, service) if service.startswith("/") else (service, "/StatusNotifierItem")
        if icon not in self.icons:
            self.icons.append(icon)

    @dbus.service.method(WATCHER, in_signature="s")
    def RegisterStatusNotifierHost(self, service):
        pass

    @dbus.service.method(PROPERTIES, in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        return self.GetAll(interface)[name]

    @dbus.service.method(PROPERTIES, in_signature="s", out_signature="a{sv}")
    def GetAll(self, interface):
        return {
            "RegisteredStatusNotifierItems": dbus.Array([], signature="s"),
            "IsStatusNotifierHostRegistered": True,
            "ProtocolVersion": dbus.Int32(0),
        }

    def menu(self):
        name, path = self.icons[-1]
        item = bus.get_object(name, path, introspect=False)
        menu = dbus.Interface(item, PROPERTIES).Get("org.kde.StatusNotifierItem", "Menu")
        return dbus.Interface(bus.get_object(name, menu, introspect=False), "com.canonical.dbusmenu")

    def entries(self):
        if not self.icons:
            return {}
        _, layout = self.menu().GetLayout(0, -1, dbus.Array([], signature="s"))
        # An underscore marks the key that chooses an entry; two of them are one of the label.
        labels = ((str(entry[1].get("label", "")).replace("__", "_"), int(entry[0])) for entry in layout[2])
        return {label: number for label, number in labels if label}

    def click(self, label):
        number = self.entries().get(label)
        if number is not None:
            self.menu().Event(dbus.Int32(number), "clicked", dbus.Int32(0, variant_level=1), dbus.UInt32(0))
        return number is not None


class Notifications(dbus.service.Object):
    """Takes notifications and shows none."""

    shown = []
    closed = []
    refuses = False

    @dbus.service.method(NOTIFICATIONS, in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, app, replaces, icon, title, body, actions, hints, timeout):
        if self.refuses:
            self.refuses = False
            raise dbus.DBusException("not now")
        number = int(replaces) or len(self.shown) + 1
        names = [str(name) for name in actions[::2]]
        shown = {"number": number, "replaces": int(replaces), "title": str(title), "body": str(body)}
        self.shown.append({**shown, "actions": names})
        return dbus.UInt32(number)

    @dbus.service.method(NOTIFICATIONS, out_signature="as")
    def GetCapabilities(self):
        return ["body", "actions"]

    @dbus.service.method(NOTIFICATIONS, out_signature="ssss")
    def GetServerInformation(self):
        return ("panel", "usher-tests", "1", "1.2")

    @dbus.service.method(NOTIFICATIONS, in_signature="u")
    def CloseNotification(self, number):
        self.closed.append(int(number))
        self.NotificationClosed(number, dbus.UInt32(3))

    @dbus.service.signal(NOTIFICATIONS, signature="us")
    def ActionInvoked(self, number, action):
        pass

    @dbus.service.signal(NOTIFICATIONS, signature="uu")
    def NotificationClosed(self, number, reason):
        pass

    def invoke(self, about):
        number, _, action = about.partition(" ")
        self.ActionInvoked(dbus.UInt32(number), action)
        return True


def answer(line):
    question, _, about = line.partition(" ")
    try:
        if question == "menu":
            return list(watcher.entries())
        if question == "click":
            return watcher.click(about)
        if question == "refuse":
            notifications.refuses = True
            return True
        if question == "closed":
            return notifications.closed
        if question == "invoke":
            return notifications.invoke(about)
        return notifications.shown
    except dbus.DBusException:
        # The app was just ending or starting; whoever asks will ask again.
        return None


def asked(source, condition):
    line = sys.stdin.readline()
    if not line:
        loop.quit()
        return False
    print(json.dumps(answer(line.strip())), flush=True)
    return True


names = [dbus.service.BusName(WATCHER, bus), dbus.service.BusName(NOTIFICATIONS, bus)]
watcher = Watcher(bus, "/StatusNotifierWatcher")
notifications = Notifications(bus, "/org/freedesktop/Notifications")
loop = GLib.MainLoop()
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, asked)
print(json.dumps("ready"), flush=True)
loop.run()
