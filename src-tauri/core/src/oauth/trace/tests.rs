use super::*;
use crate::ports::SystemClock;

fn trace() -> Trace {
    Trace::begin(Arc::new(SystemClock))
}

fn refused(error: &str) -> Decision {
    Decision::CodeRefused {
        error: Some(error.to_owned()),
    }
}

#[test]
fn s42_a_secret_of_the_run_is_shown_in_no_later_step() {
    let trace = trace();
    trace.hide([Secret::new("canary-code".to_owned())]);
    trace.decided(refused("no such code: canary-code"));
    let shown = format!("{:?}", trace.steps());
    assert!(
        !shown.contains("canary") && shown.contains("no such code: …"),
        "{shown}"
    );
}

#[test]
fn s42_whatever_others_bring_what_is_ours_stays_hidden() {
    let trace = trace();
    let brought = |at: usize| Secret::new(format!("brought-{at:04}"));
    trace.hide_brought((0..500).map(brought));
    trace.hide([Secret::new("canary-secret".to_owned())]);
    trace.hide_brought(
        (500..1000)
            .map(brought)
            .chain([Secret::new("canary-s".to_owned())]),
    );
    trace.decided(refused("canary-secret brought-0999 brought-0000"));
    let shown = format!("{:?}", trace.steps());
    assert!(shown.contains("\"… … brought-0000\""), "{shown}");
}

#[test]
fn of_too_many_steps_the_first_and_the_newest_are_kept() {
    let trace = trace();
    for at in 0..STEP_LIMIT + 10 {
        trace.decided(refused(&at.to_string()));
    }
    let steps = trace.steps();
    assert_eq!(steps.len(), STEP_LIMIT + 2);
    let kept = steps.last().map(|step| step.what.clone());
    let decision = refused(&(STEP_LIMIT + 9).to_string());
    assert_eq!(kept, Some(What::Decided { decision }), "the newest");
    assert_eq!(
        steps[STEP_LIMIT].what,
        What::LeftOut { steps: 9 },
        "nothing is left out in silence"
    );
}

#[test]
fn s07_a_run_stays_small_whatever_it_hears() {
    let trace = trace();
    for _ in 0..STEP_LIMIT {
        let param = |at: usize| Param {
            name: at.to_string(),
            value: Some("x".repeat(10_000)),
        };
        trace.note(What::Asked {
            method: "GET".to_owned(),
            url: "https://a.example".to_owned(),
            params: (0..50).map(param).collect(),
        });
    }
    let bytes: usize = trace.steps().iter().map(size).sum();
    assert!(bytes < BYTE_LIMIT + 64 * 1024, "{bytes} bytes are kept");
}

#[test]
fn a_run_that_is_taken_up_again_goes_on_in_its_own_time() {
    let first = trace();
    first.decided(Decision::StateMatched {});
    let passed = Duration::from_secs(60);
    let second = Trace::resume(Arc::new(SystemClock), first.steps(), passed, || {});
    second.decided(Decision::StateBurnt {});
    let steps = second.steps();
    assert_eq!(steps.len(), 2);
    assert!(steps[1].after_ms >= 60_000, "{steps:?}");
}

#[test]
fn a_decision_knows_its_rule_and_whether_it_refuses() {
    assert_eq!(refused("x").rule(), "RFC 6749 §5.2");
    assert!(refused("x").is_refusal());
    assert!(!Decision::StateMatched {}.is_refusal());
}

#[test]
fn a_step_is_read_back_as_it_was_written() {
    let trace = trace();
    trace.decided(Decision::IssuerDiffers {
        expected: "https://a.example".to_owned(),
        found: None,
    });
    let json = serde_json::to_string(&trace.steps()).expect("steps have a JSON form");
    let back: Vec<Step> = serde_json::from_str(&json).expect("readable");
    assert_eq!(back, trace.steps());
}
