//! How a text has to be written. It is checked to catch slips, not to judge: whoever asked judges.

use url::Url;

/// How a text has to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFormat {
    /// An e-mail address.
    Email,
    /// An absolute URI (RFC 3986 §4.3).
    Uri,
    /// A day, such as `2026-11-29` (RFC 3339 §5.6).
    Date,
    /// A moment, such as `2026-11-29T18:00:00Z` (RFC 3339 §5.6).
    DateTime,
}

impl TextFormat {
    /// Tells whether a text is written so.
    pub fn fits(self, text: &str) -> bool {
        match self {
            Self::Email => is_email(text),
            Self::Uri => Url::parse(text).is_ok(),
            Self::Date => is_date(text),
            Self::DateTime => is_moment(text),
        }
    }
}

fn is_email(text: &str) -> bool {
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    plain
        && text
            .rsplit_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
}

fn is_date(text: &str) -> bool {
    let Some([year, month, day]) = numbers(text, '-', [4, 2, 2]) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

fn is_moment(text: &str) -> bool {
    let Some((date, rest)) = text.split_once(['T', 't']) else {
        return false;
    };
    let Some(zone_at) = rest.find(['Z', 'z', '+', '-']) else {
        return false;
    };
    let (time, zone) = rest.split_at(zone_at);
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let in_day = numbers(time, ':', [2, 2, 2]).is_some_and(|[h, m, s]| h < 24 && m < 60 && s < 61);
    let digits = !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit());
    is_date(date) && in_day && digits && is_zone(zone)
}

fn is_zone(zone: &str) -> bool {
    let offset = zone.strip_prefix(['+', '-']);
    offset.map_or(zone.eq_ignore_ascii_case("z"), |offset| {
        numbers(offset, ':', [2, 2]).is_some_and(|[h, m]| h < 24 && m < 60)
    })
}

/// Reads numbers of exactly so many digits each, with a mark between them.
fn numbers<const N: usize>(text: &str, mark: char, digits: [usize; N]) -> Option<[u32; N]> {
    let mut parts = text.split(mark);
    let mut read = [0; N];
    for (number, digits) in read.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| part.len() == digits)?;
        let plain = part.bytes().all(|b| b.is_ascii_digit());
        *number = plain.then(|| part.parse().ok()).flatten()?;
    }
    parts.next().is_none().then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_caught_and_nothing_well_written_is() {
        for (format, good, bad) in [
            (
                TextFormat::Email,
                vec!["ada@example.com", "a+b@localhost"],
                vec!["ada", "@example.com", "ada@", "a da@example.com"],
            ),
            (
                TextFormat::Uri,
                vec!["https://example.com/a?b#c", "mailto:ada@example.com"],
                vec!["example.com", "/path", ""],
            ),
            (
                TextFormat::Date,
                vec!["2026-11-29", "2024-02-29", "2000-02-29"],
                vec![
                    "2026-02-29",
                    "1900-02-29",
                    "2026-13-01",
                    "2026-00-01",
                    "2026-1-1",
                    "29.11.2026",
                    "2026-11-29-1",
                    "+026-11-29",
                ],
            ),
            (
                TextFormat::DateTime,
                vec![
                    "2026-11-29T18:00:00Z",
                    "2026-11-29t18:00:00.125+05:30",
                    "2016-12-31T23:59:60Z",
                ],
                vec![
                    "2026-11-29",
                    "2026-11-29T18:00:00",
                    "2026-11-29T24:00:00Z",
                    "2026-11-29T18:00Z",
                    "2026-11-29T18:00:00.Z",
                    "2026-11-29T18:00:00+25:00",
                ],
            ),
        ] {
            for text in good {
                assert!(format.fits(text), "{text} is {format:?}");
            }
            for text in bad {
                assert!(!format.fits(text), "{text} is not {format:?}");
            }
        }
    }
}
