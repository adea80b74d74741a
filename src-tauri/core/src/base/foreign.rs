//! Words that somebody else wrote and people read: bounded, and with nothing in them that hides or reorders (S52).

/// Gives one line of at most `limit` characters.
pub fn line(text: &str, limit: usize) -> String {
    bounded(text, limit, is_hidden)
}

/// Gives at most `limit` characters in lines as they came.
pub fn lines(text: &str, limit: usize) -> String {
    bounded(text, limit, |c| is_hidden(c) && c != '\n' && c != '\t')
}

/// Tells whether a character hides or reorders what is around it: controls, bidirectional marks and overrides, invisible
/// spaces, line separators, tags.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Shows something in place of each hidden character, and an ellipsis in place of what is too much.
fn bounded(text: &str, limit: usize, hides: impl Fn(char) -> bool) -> String {
    let text = text.trim();
    let visible = |c| {
        if hides(c) { char::REPLACEMENT_CHARACTER } else { c }
    };
    let mut shown: String = text.chars().take(limit).map(visible).collect();
    if text.chars().nth(limit).is_some() {
        shown.pop();
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s52_what_hides_is_shown_and_what_is_too_long_is_cut() {
        assert_eq!(line(" Pay\u{202e}pal\nnow ", 20), "Pay\u{fffd}pal\u{fffd}now");
        assert_eq!(lines("two\nlines\u{1b}[31m", 20), "two\nlines\u{fffd}[31m");
        assert_eq!(
            (line("abcdef", 6).as_str(), line("abcdef", 5).as_str()),
            ("abcdef", "abcd…")
        );
        assert_eq!(line("\u{0}", 5), "\u{fffd}");
    }
}
