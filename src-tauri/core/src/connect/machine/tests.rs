//! Every state meets every happening.

use super::*;

const NOW: Timestamp = Timestamp::from_seconds(1_000);

fn states() -> Vec<State> {
    vec![
        State::Off,
        State::Opening { failures: 3 },
        State::SignIn(SignInNeed::Never),
        State::Consent(write()),
        State::Ready {
            since: NOW,
            failures: 3,
        },
        State::Waiting {
            error: trouble(),
            retry_at: NOW,
            failures: 3,
        },
        State::Offline,
        State::Stopped(trouble()),
    ]
}

fn trouble() -> ConnectError {
    ConnectError::Unreachable
}

fn write() -> Scopes {
    "write".parse().expect("a scope")
}

fn machine(state: State) -> Machine {
    Machine {
        attempt: Attempt(7),
        state,
        authorizations: 1,
        portals: 0,
    }
}

fn failed(failure: Failure) -> Happening {
    Happening::Failed {
        attempt: Attempt(7),
        failure,
        chance: 1.0,
    }
}

fn passing() -> Failure {
    Failure::Passing {
        error: trouble(),
        retry_after: None,
    }
}

/// Steps each state once and keeps those that changed, with what they became.
fn changes(happening: &Happening) -> Vec<(State, State, Vec<Deed>)> {
    let steps = states().into_iter().map(|before| {
        let (after, deeds) = machine(before.clone()).step(happening.clone(), NOW);
        (before, after, deeds)
    });
    let changed = steps.filter(|(before, after, deeds)| {
        let same = *after == machine(before.clone());
        assert!(
            !same || deeds.is_empty(),
            "nothing new, nothing to do: {before:?}"
        );
        !same
    });
    changed
        .map(|(before, after, deeds)| (before, after.state, deeds))
        .collect()
}

#[test]
fn whatever_rests_begins_when_asked_and_forgets_its_failures() {
    let changed = changes(&Happening::Asked);
    assert_eq!(changed.len(), 6, "all but opening and ready: {changed:?}");
    for (before, after, deeds) in changed {
        assert_eq!(after, State::Opening { failures: 0 }, "from {before:?}");
        assert_eq!(deeds, [Deed::End, Deed::Begin(Attempt(8)), Deed::Tell]);
    }
}

#[test]
fn being_asked_twice_opens_once() {
    let (opening, _) = Machine::default().step(Happening::Asked, NOW);
    let (same, deeds) = opening.clone().step(Happening::Asked, NOW);
    assert_eq!((same, deeds), (opening, Vec::new()), "open is idempotent");
}

#[test]
fn whatever_lives_ends_at_once_when_dismissed() {
    let changed = changes(&Happening::Dismissed);
    assert_eq!(changed.len(), 7, "all but off: {changed:?}");
    for (before, after, deeds) in changed {
        assert_eq!(after, State::Off, "from {before:?}");
        assert_eq!(deeds, [Deed::End, Deed::Tell]);
    }
}

#[test]
fn only_what_is_opening_becomes_ready() {
    let changed = changes(&Happening::Opened(Attempt(7)));
    let opening = State::Opening { failures: 3 };
    let ready = State::Ready {
        since: NOW,
        failures: 3,
    };
    assert_eq!(changed, [(opening, ready, vec![Deed::Tell])]);
}

#[test]
fn news_of_another_attempt_changes_nothing() {
    let other = Attempt(6);
    let late = [
        Happening::Opened(other),
        Happening::Due(other),
        Happening::NetworkBack {
            attempt: other,
            chance: 0.0,
        },
        Happening::Failed {
            attempt: other,
            failure: Failure::SignIn(SignInNeed::Rejected),
            chance: 0.0,
        },
    ];
    for happening in late {
        assert!(changes(&happening).is_empty(), "{happening:?} is old");
    }
}

#[test]
fn a_refusal_that_only_the_person_can_mend_is_not_retried() {
    let changed = changes(&failed(Failure::SignIn(SignInNeed::Expired)));
    assert_eq!(changed.len(), 2, "opening and ready: {changed:?}");
    for (_, after, deeds) in changed {
        assert_eq!(after, State::SignIn(SignInNeed::Expired));
        assert_eq!(deeds, [Deed::Release, Deed::Tell], "no browser, no retry (S34)");
    }
}

#[test]
fn r20_a_missing_scope_is_asked_for_and_neither_retried_nor_stopped() {
    let changed = changes(&failed(Failure::Consent(write())));
    assert_eq!(changed.len(), 2, "opening and ready: {changed:?}");
    for (_, after, deeds) in changed {
        assert_eq!(after, State::Consent(write()));
        assert_eq!(deeds, [Deed::Release, Deed::Tell], "no browser, no retry");
    }
}

#[test]
fn a_sign_in_opens_anew_from_everywhere_and_lets_calls_end() {
    let changed = changes(&Happening::SignedIn);
    assert_eq!(changed.len(), states().len(), "whatever was there is of before");
    for (before, after, deeds) in changed {
        assert_eq!(after, State::Opening { failures: 0 }, "from {before:?}");
        assert_eq!(deeds, [Deed::Release, Deed::Begin(Attempt(8)), Deed::Tell]);
    }
}

/// Signs in so often, each time to hear that a scope is missing.
fn refused_after(sign_ins: u8) -> Machine {
    (0..sign_ins).fold(Machine::default(), |machine, _| {
        let (opening, _) = machine.step(Happening::SignedIn, NOW);
        let attempt = opening.attempt();
        let failure = Failure::Consent(write());
        let refusal = Happening::Failed {
            attempt,
            failure,
            chance: 0.0,
        };
        opening.step(refusal, NOW).0
    })
}

#[test]
fn r20_s16_a_refusal_after_three_authorizations_is_final() {
    assert_eq!(refused_after(2).state, State::Consent(write()));
    let last = refused_after(3);
    let stopped = State::Stopped(ConnectError::ScopeRefused(write()));
    assert_eq!(last.state, stopped);
    let again = last.step(Happening::Asked, NOW).0;
    let refusal = |machine: Machine| {
        let attempt = machine.attempt();
        let failure = Failure::Consent(write());
        machine.step(
            Happening::Failed {
                attempt,
                failure,
                chance: 0.0,
            },
            NOW,
        )
    };
    assert_eq!(
        refusal(again.clone()).0.state,
        stopped,
        "trying again asks for nothing more"
    );
    let (let_in, _) = again.clone().step(Happening::Opened(again.attempt()), NOW);
    assert_eq!(
        refusal(let_in).0.state,
        State::Consent(write()),
        "it was let in since"
    );
}

#[test]
fn what_lasts_stops() {
    for (_, after, deeds) in changes(&failed(Failure::Lasting(ConnectError::NotMcp))) {
        assert_eq!(after, State::Stopped(ConnectError::NotMcp));
        assert_eq!(deeds, [Deed::Release, Deed::Tell]);
    }
}

#[test]
fn what_passes_is_waited_for() {
    let changed = changes(&failed(passing()));
    assert_eq!(changed.len(), 2, "opening and ready: {changed:?}");
    let eight = Duration::from_secs(8);
    for (before, after, deeds) in changed {
        let waiting = State::Waiting {
            error: trouble(),
            retry_at: NOW.after(eight),
            failures: 4,
        };
        assert_eq!(after, waiting, "from {before:?}: the fourth failure in a row");
        assert_eq!(
            deeds,
            [Deed::Release, Deed::Wake(Attempt(8), eight), Deed::Tell],
            "the wait belongs to the new number"
        );
    }
}

#[test]
fn s32_without_a_network_nothing_counts_and_little_is_tried() {
    let changed = changes(&failed(Failure::Offline));
    assert_eq!(changed.len(), 2, "opening and ready: {changed:?}");
    for (before, after, deeds) in changed {
        assert_eq!(after, State::Offline, "from {before:?}: no failure is counted");
        let waits = [
            Deed::Release,
            Deed::AwaitNetwork(Attempt(8)),
            Deed::Wake(Attempt(8), OFFLINE_WAIT),
            Deed::Tell,
        ];
        assert_eq!(
            deeds, waits,
            "for the network, or for some minutes: it may never come back"
        );
    }
}

#[test]
fn s32_the_return_of_the_network_takes_up_what_waited_for_it_one_after_the_other() {
    let back = |chance| Happening::NetworkBack {
        attempt: Attempt(7),
        chance,
    };
    for state in states() {
        let before = machine(state);
        let (after, deeds) = before.clone().step(back(0.5), NOW);
        assert_eq!(after, before, "nobody sees a change before the turn has come");
        let turn = Deed::Wake(Attempt(7), SPREAD / 2);
        let expected = if before.state == State::Offline {
            vec![turn]
        } else {
            Vec::new()
        };
        assert_eq!(deeds, expected, "{before:?}");
    }
    let (_, first) = machine(State::Offline).step(back(0.0), NOW);
    assert_eq!(first, [Deed::Wake(Attempt(7), Duration::ZERO)]);
}

#[test]
fn s32_a_portal_is_asked_again_gently_and_counts_for_nothing() {
    let host = "mcp.example.com".to_owned();
    let failure = Failure::Portal {
        host: host.clone(),
        truly: Some(ConnectError::Certificate),
    };
    let changed = changes(&failed(failure));
    assert_eq!(changed.len(), 2, "opening and ready: {changed:?}");
    for (before, after, deeds) in changed {
        let waiting = State::Waiting {
            error: ConnectError::Portal { host: host.clone() },
            retry_at: NOW.after(PORTAL_WAIT),
            failures: 3,
        };
        assert_eq!(after, waiting, "from {before:?}: as many failures as before");
        assert_eq!(
            deeds,
            [Deed::Release, Deed::Wake(Attempt(8), PORTAL_WAIT), Deed::Tell]
        );
    }
}

/// Meets so many portals in a row, and gives what it waits with, and for how long.
fn after_portals(count: usize, truly: Option<&ConnectError>) -> (ConnectError, Duration) {
    let (mut machine, _) = Machine::default().step(Happening::Asked, NOW);
    for _ in 0..count {
        let (due, _) = machine.clone().step(Happening::Due(machine.attempt()), NOW);
        let failure = Failure::Portal {
            host: "mcp.example.com".to_owned(),
            truly: truly.cloned(),
        };
        let attempt = due.attempt();
        let failed = Happening::Failed {
            attempt,
            failure,
            chance: 1.0,
        };
        machine = due.step(failed, NOW).0;
    }
    match machine.state {
        State::Waiting { error, retry_at, .. } => (error, NOW.until(retry_at)),
        state => panic!("it waits: {state:?}"),
    }
}

#[test]
fn s32_a_portal_that_stays_is_called_by_its_name_and_left_alone_for_longer() {
    let portal = ConnectError::Portal {
        host: "mcp.example.com".to_owned(),
    };
    let certificate = ConnectError::Certificate;
    let most = usize::from(MOST_PORTALS);
    let after = |count| after_portals(count, Some(&certificate));
    assert_eq!(after(most), (portal.clone(), PORTAL_WAIT));
    assert_eq!(after(most + 1), (certificate.clone(), PORTAL_WAIT));
    assert_eq!(
        after(most + 20),
        (certificate.clone(), LONGEST_WAIT),
        "it is no portal"
    );
    let beyond_doubt = after_portals(most + 20, None);
    assert_eq!(beyond_doubt, (portal, PORTAL_WAIT), "the network says so itself");
}

#[test]
fn a_connection_that_lasted_starts_counting_anew() {
    let ready = machine(State::Ready {
        since: NOW,
        failures: 9,
    });
    let (waiting, _) = ready.step(failed(passing()), NOW.after(STEADY));
    assert!(
        matches!(waiting.state, State::Waiting { failures: 1, .. }),
        "{waiting:?}"
    );
}

#[test]
fn only_what_waits_is_woken_and_remembers_its_failures() {
    let changed = changes(&Happening::Due(Attempt(7)));
    let after: Vec<_> = changed.iter().map(|(_, after, _)| after.clone()).collect();
    let counted = State::Opening { failures: 3 };
    let uncounted = State::Opening { failures: 0 };
    assert_eq!(after, [counted, uncounted], "what waits, and what was offline");
    for (_, _, deeds) in changed {
        assert_eq!(deeds, [Deed::End, Deed::Begin(Attempt(8)), Deed::Tell]);
    }
}

#[test]
fn a_dead_grant_lets_go_of_what_lives_on_it() {
    let changed = changes(&Happening::GrantDied(SignInNeed::Rejected));
    let before: Vec<_> = changed.iter().map(|(before, ..)| before.clone()).collect();
    let all = states();
    assert_eq!(
        before,
        [1, 2, 3, 4, 5, 6].map(|at: usize| all[at].clone()),
        "all but what is off or has stopped"
    );
    for (_, after, deeds) in changed {
        assert_eq!(after, State::SignIn(SignInNeed::Rejected));
        assert_eq!(deeds, [Deed::Release, Deed::Tell]);
    }
    let known = machine(State::SignIn(SignInNeed::Rejected));
    let (same, deeds) = known
        .clone()
        .step(Happening::GrantDied(SignInNeed::Rejected), NOW);
    assert_eq!((same, deeds), (known, Vec::new()), "said once (S32)");
}

#[test]
fn s32_waits_grow_are_spread_and_have_a_limit() {
    let seconds = |failures, asked: Option<u64>, chance| {
        wait(failures, asked.map(Duration::from_secs), chance).as_secs_f64()
    };
    assert_eq!(seconds(0, None, 1.0), 1.0);
    assert_eq!(seconds(0, None, 0.0), 0.5, "spread over the second half");
    assert_eq!(seconds(5, None, 1.0), 32.0, "doubled each time");
    assert_eq!(seconds(u32::MAX, None, 1.0), 300.0, "five minutes at most");
    assert_eq!(seconds(0, Some(120), 1.0), 120.0, "the server's wish is honoured");
    assert_eq!(seconds(0, Some(1_000_000), 1.0), 3600.0, "up to an hour");
}

#[test]
fn the_view_is_the_state() {
    let views: Vec<_> = states().into_iter().map(|state| machine(state).view()).collect();
    let waiting = Connection::Waiting {
        error: trouble(),
        retry_at: NOW,
    };
    let expected = [
        Connection::Off,
        Connection::Opening,
        Connection::SignIn(SignInNeed::Never),
        Connection::Consent {
            scopes: write(),
            attempt: 2,
        },
        Connection::Ready,
        waiting,
        Connection::Offline,
        Connection::Stopped(trouble()),
    ];
    assert_eq!(views, expected);
}
