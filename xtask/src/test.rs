//! `cargo xtask test`: every test there is, step by step, with a summary that a machine can read.
//!
//! A failed step does not hide the others: they run, except those that need it, which count as failed.
#![expect(clippy::disallowed_methods, reason = "a summary says how long each step took")]

use std::time::{Duration, Instant};

use crate::{
    setup::{self, Purpose},
    steps::{Done, STEPS, Step},
    trouble::{Trouble, trouble},
};

/// How one step ended, and after how long.
struct Outcome {
    name: &'static str,
    end: Result<Done, Trouble>,
    took: Duration,
}

/// Runs what the arguments ask for.
pub fn test(arguments: &[&str]) -> Result<(), Trouble> {
    match arguments {
        [] => run_all(STEPS.iter().collect()),
        ["--list"] => {
            STEPS
                .iter()
                .for_each(|step| println!("{:<12} {}", step.name, step.proves));
            Ok(())
        }
        ["--only", name] => run_all(with_needs(name)?),
        _ => Err(trouble(
            "`cargo xtask test` takes nothing, `--list` or `--only <step>`.",
        )),
    }
}

fn run_all(steps: Vec<&'static Step>) -> Result<(), Trouble> {
    println!("── set-up");
    setup::prepare(Purpose::Test)?;
    let mut outcomes: Vec<Outcome> = Vec::new();
    for step in steps {
        outcomes.push(run_one(step, &outcomes));
    }
    summary(&outcomes)
}

fn run_one(step: &'static Step, earlier: &[Outcome]) -> Outcome {
    println!("\n── {} ({})", step.name, step.proves);
    let start = Instant::now();
    let end = match step.needs.iter().find(|need| has_failed(need, earlier)) {
        Some(need) => Err(trouble(format!("Not run, because it needs {need}."))),
        None => (step.run)(),
    };
    match &end {
        Err(sentence) => println!("✗ {}: {sentence}", step.name),
        Ok(Done::Skipped(reason)) => println!("– {}: skipped, because {reason}.", step.name),
        Ok(Done::Passed) => {}
    }
    Outcome {
        name: step.name,
        end,
        took: start.elapsed(),
    }
}

fn has_failed(name: &str, outcomes: &[Outcome]) -> bool {
    outcomes
        .iter()
        .any(|outcome| outcome.name == name && outcome.end.is_err())
}

fn summary(outcomes: &[Outcome]) -> Result<(), Trouble> {
    println!("\n── summary");
    for Outcome { name, end, took } in outcomes {
        let mark = match end {
            Ok(Done::Passed) => "✓",
            Ok(Done::Skipped(_)) => "–",
            Err(_) => "✗",
        };
        println!("{mark} {name:<12} {:>6.1} s", took.as_secs_f64());
    }
    let failed: Vec<&str> = outcomes
        .iter()
        .filter(|o| o.end.is_err())
        .map(|o| o.name)
        .collect();
    let passed = outcomes
        .iter()
        .filter(|o| matches!(o.end, Ok(Done::Passed)))
        .count();
    println!("{passed} passed, {} failed", failed.len());
    if failed.is_empty() {
        Ok(())
    } else {
        Err(trouble(format!("These steps failed: {}.", failed.join(", "))))
    }
}

/// Returns the step of this name after all those it needs, in the order of the list.
fn with_needs(name: &str) -> Result<Vec<&'static Step>, Trouble> {
    if !STEPS.iter().any(|step| step.name == name) {
        return Err(trouble(format!(
            "There is no step `{name}`: `cargo xtask test --list` names them."
        )));
    }
    let mut wanted = vec![name];
    for step in STEPS.iter().rev() {
        if wanted.contains(&step.name) {
            wanted.extend(step.needs);
        }
    }
    Ok(STEPS.iter().filter(|step| wanted.contains(&step.name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_step_needs_stands_before_it() {
        for (at, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                assert!(
                    STEPS[..at].iter().any(|earlier| earlier.name == *need),
                    "{} needs {need}",
                    step.name
                );
            }
        }
    }

    #[test]
    fn a_single_step_brings_those_it_needs() {
        let names: Vec<&str> = with_needs("rust")
            .expect("the step exists")
            .iter()
            .map(|s| s.name)
            .collect();
        assert_eq!(names, ["ui-build", "build", "rust"]);
    }

    #[test]
    fn a_step_whose_need_failed_fails_without_running() {
        static FIRST: Step = Step {
            name: "first",
            proves: "",
            needs: &[],
            run: || Err(trouble("broken")),
        };
        static SECOND: Step = Step {
            name: "second",
            proves: "",
            needs: &["first"],
            run: || Ok(Done::Passed),
        };
        let first = run_one(&FIRST, &[]);
        assert!(
            run_one(&SECOND, &[first]).end.is_err(),
            "it would have passed, had it run"
        );
    }
}
