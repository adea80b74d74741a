//! Words that somebody else wrote and people read: bounded, and with nothing in them that hides or reorders (S52).

/// Gives one line of at most `limit` characters, with an ellipsis in place of what is too much.
pub fn line(text: &str, limit: usize) -> String {
    let kept: String = text.trim().chars().take(limit).collect();
    let mut shown = visible(&kept, is_hidden);
    if !fits(text, limit) {
        shown.pop();
        shown.push('…');
    }
    shown
}

/// Gives one line; `None` if it has more than `limit` characters.
pub fn whole_line(text: &str, limit: usize) -> Option<String> {
    fits(text, limit).then(|| visible(text.trim(), is_hidden))
}

/// Gives lines as they came; `None` if they have more than `limit` characters.
pub fn whole_lines(text: &str, limit: usize) -> Option<String> {
    fits(text, limit).then(|| visible(text.trim(), |c| is_hidden(c) && c != '\n' && c != '\t'))
}

/// Tells whether a character hides or reorders what is around it: controls, bidirectional marks and overrides, invisible
/// spaces, line separators, tags.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn fits(text: &str, limit: usize) -> bool {
    text.trim().chars().nth(limit).is_none()
}

/// Shows something in place of each hidden character.
fn visible(text: &str, hides: impl Fn(char) -> bool) -> String {
    let visible = |c| {
        if hides(c) { char::REPLACEMENT_CHARACTER } else { c }
    };
    text.chars().map(visible).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s52_what_hides_is_shown_and_what_is_too_long_is_cut() {
        assert_eq!(line(" Pay\u{202e}pal\nnow ", 20), "Pay\u{fffd}pal\u{fffd}now");
        assert_eq!(
            whole_lines(" two\nlines\u{1b}[31m", 14).as_deref(),
            Some("two\nlines\u{fffd}[31m")
        );
        assert_eq!(
            (line("abcdef", 6).as_str(), line("abcdef", 5).as_str()),
            ("abcdef", "abcd…")
        );
        assert_eq!(line("\u{0}", 5), "\u{fffd}");
    }

    #[test]
    fn s52_what_must_be_shown_whole_is_not_cut() {
        assert_eq!(whole_line(" a\nb ", 3).as_deref(), Some("a\u{fffd}b"));
        assert_eq!((whole_line("abcd", 3), whole_lines("abcd", 3)), (None, None));
    }
}
