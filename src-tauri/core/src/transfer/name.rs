//! What a file is called.

use crate::base::Timestamp;

/// How many names are tried.
const MOST: u32 = 1000;
const DAY: i64 = 24 * 60 * 60;

/// Gives the names for a file that is made now, in the order in which they are tried.
pub fn names(now: Timestamp) -> impl Iterator<Item = String> + Send + 'static {
    let (year, month, day) = date(now);
    (1..=MOST).map(move |number| {
        let more = if number == 1 {
            String::new()
        } else {
            format!("-{number}")
        };
        format!("usher-{year:04}-{month:02}-{day:02}{more}.usher")
    })
}

/// Gives the day in the calendar, UTC: years are counted from March on, so that the odd day comes last.
fn date(at: Timestamp) -> (i64, i64, i64) {
    const DAYS_TO_1970: i64 = 719_468;
    const DAYS_OF_400_YEARS: i64 = 146_097;
    let days = at.seconds().div_euclid(DAY) + DAYS_TO_1970;
    let (era, day_of_era) = (
        days.div_euclid(DAYS_OF_400_YEARS),
        days.rem_euclid(DAYS_OF_400_YEARS),
    );
    let year = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (year + era * 400 + next, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_after_its_day() {
        for (seconds, name) in [
            (0, "usher-1970-01-01.usher"),
            (951_782_399, "usher-2000-02-28.usher"),
            (951_782_400, "usher-2000-02-29.usher"),
            (951_868_800, "usher-2000-03-01.usher"),
            (1_795_996_800, "usher-2026-11-30.usher"),
            (4_107_542_400, "usher-2100-03-01.usher"),
            (-1, "usher-1969-12-31.usher"),
        ] {
            let first = names(Timestamp::from_seconds(seconds)).next();
            assert_eq!(first.as_deref(), Some(name), "{seconds}");
        }
        let second = names(Timestamp::from_seconds(0)).nth(1);
        assert_eq!(second.as_deref(), Some("usher-1970-01-01-2.usher"));
    }
}
