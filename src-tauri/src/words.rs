//! What the desktop says outside the window, from the same file as the window's words.

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::langid;

const ENGLISH: &str = include_str!("../../ui/locales/en.ftl");

/// The words of one language.
pub struct Words(FluentBundle<FluentResource>);

impl Words {
    /// Reads the words.
    pub fn english() -> Self {
        // A message that does not parse is left out; the tests ask for every one that is used here.
        let resource = FluentResource::try_new(ENGLISH.to_owned()).unwrap_or_else(|(rest, _)| rest);
        let mut bundle = FluentBundle::new_concurrent(vec![langid!("en")]);
        // Menus and notifications of most systems would show the marks around what is filled in.
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        Self(bundle)
    }

    /// Says a sentence that needs nothing.
    pub fn say(&self, id: &str) -> String {
        self.format(id, None)
    }

    /// Says a sentence about something.
    pub fn say_with<'a>(&self, id: &str, name: &'a str, value: impl Into<FluentValue<'a>>) -> String {
        let mut args = FluentArgs::new();
        args.set(name, value);
        self.format(id, Some(&args))
    }

    fn format(&self, id: &str, args: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.0.get_message(id).and_then(|message| message.value()) else {
            tracing::error!(id, "a sentence is missing");
            return id.to_owned();
        };
        self.0.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_the_desktop_uses_is_there() {
        let words = Words::english();
        for id in [
            "tray-open",
            "tray-quit",
            "tray-title",
            "tray-snooze",
            "tray-lock",
            "tray-locked",
            "notification-reconnect",
            "notification-show",
        ] {
            assert_ne!(words.say(id), id, "{id} has a sentence");
        }
        for id in [
            "tray-needs-sign-in",
            "tray-needs-consent",
            "tray-needs-answer",
            "notification-reconnect-one",
            "notification-key-one",
        ] {
            let line = words.say_with(id, "server", "Linear");
            assert!(line.contains("Linear"), "the line names the server: {line}");
        }
    }

    #[test]
    fn one_and_many_are_told_apart() {
        let words = Words::english();
        for id in ["notification-body", "notification-body-alone"] {
            let of = |count: usize| words.say_with(id, "count", count);
            assert_ne!(
                of(1),
                of(3).replace('3', "1"),
                "singular and plural of {id} differ"
            );
        }
        let many = words.say_with("notification-reconnect-several", "count", 3);
        assert!(many.contains('3'), "the number is said: {many}");
    }
}
