//! Whatever happens, in whatever order: a grant is refreshed once at a time, lends nothing that is not on disk, and is over
//! only when its authorization server has said so (S29, S30, S32, S33).
//!
//! Events are drawn at random, and a sequence that fails is made shorter before it is shown. `USHER_CASES` says how many
//! sequences are tried.

mod event;
mod families;
mod life;
mod story;

pub(super) use life::network;
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use tokio::runtime::Runtime;

use self::{
    event::{Asked, Event, Fails, Meanwhile},
    families::{Answer, Families},
    story::{SERVERS, Story, Wrong},
};

/// How many sequences are tried without a wish: some seconds.
const CASES: u32 = 16;
/// The length of the longest sequence.
const LONGEST: usize = 30;
const DAY: i64 = 24 * 3600;
const YEAR: i64 = 365 * DAY;

/// Gives how many sequences are tried.
pub(super) fn cases() -> u32 {
    #[expect(
        clippy::disallowed_methods,
        reason = "the long form of this test is asked for with it"
    )]
    let wish = std::env::var("USHER_CASES");
    wish.map_or(CASES, |wish| wish.parse().expect("USHER_CASES is a number"))
}

fn time() -> impl Strategy<Value = i64> {
    prop_oneof![
        // Tokens last an hour.
        6 => Just(3600),
        3 => 1..3600_i64,
        1 => -7200..0_i64,
        1 => Just(DAY),
        1 => Just(-DAY),
        1 => Just(10 * YEAR),
        1 => Just(-10 * YEAR),
    ]
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        4 => Just(Answer::NewPair),
        1 => Just(Answer::AccessOnly),
        2 => Just(Answer::Lost),
        1 => Just(Answer::Rejected),
        3 => prop::sample::select(vec![200, 302, 408, 425, 429, 500, 503]).prop_map(Answer::Page),
    ]
}

fn meanwhile() -> impl Strategy<Value = Meanwhile> {
    prop_oneof![
        3 => Just(Meanwhile::Nothing),
        2 => Just(Meanwhile::Cancelled),
        2 => Just(Meanwhile::Crashed),
        1 => Just(Meanwhile::SignedIn),
        1 => Just(Meanwhile::Disconnected),
        1 => time().prop_map(Meanwhile::Time),
    ]
}

fn asked() -> impl Strategy<Value = Asked> {
    (0..SERVERS, 1..4_usize, any::<bool>(), meanwhile()).prop_map(
        |(server, callers, after_refusal, meanwhile)| Asked {
            server,
            callers,
            after_refusal,
            meanwhile,
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        5 => time().prop_map(Event::Time),
        5 => answer().prop_map(Event::Answers),
        10 => asked().prop_map(Event::Asked),
        1 => Just(Event::DiskFails(Fails::NewPairs)),
        1 => Just(Event::DiskFails(Fails::AnythingOfAGrant)),
        2 => Just(Event::DiskWorks),
        1 => Just(Event::Restarted),
        1 => Just(Event::Crashed),
        2 => (0..SERVERS).prop_map(Event::SignedIn),
        1 => (0..SERVERS).prop_map(Event::Disconnected),
    ]
}

/// Tells a story; with the loop in the background, or without it, so that callers come first.
fn tell(outside: &Runtime, with_loop: bool, events: &[Event]) -> Result<(), Wrong> {
    let families = outside.block_on(Families::start());
    let mut story = Story::begin(outside, &families, with_loop)?;
    for event in events {
        story.tell(event)?;
    }
    story.end()
}

#[test]
fn s29_s30_s32_no_sequence_of_events_loses_spends_twice_or_ends_a_grant() {
    let outside = Runtime::new().expect("the system has threads");
    let config = Config {
        cases: cases(),
        failure_persistence: None,
        ..Config::default()
    };
    let stories = (any::<bool>(), vec(event(), 1..=LONGEST));
    let told = TestRunner::new(config).run(&stories, |(with_loop, events)| {
        tell(&outside, with_loop, &events).map_err(TestCaseError::fail)
    });
    if let Err(failure) = told {
        panic!("{failure}");
    }
}
