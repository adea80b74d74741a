//! `cargo xtask test`: every test there is, step by step, with a summary that a machine can read.
//!
//! A failed step does not hide the others: they run, except those that need it, which count as failed.
#![expect(clippy::disallowed_methods, reason = "a summary says how long each step took")]

use std::time::{Duration, Instant};

use crate::{
    setup::{self, Purpose},
    steps::{STEPS, Step},
    trouble::{Trouble, trouble},
};

/// How one step ended.
struct Outcome {
    step: &'static Step,
    failure: Option<String>,
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
        let outcome = run_one(step, &outcomes);
        outcomes.push(outcome);
    }
    summary(&outcomes)
}

fn run_one(step: &'static Step, earlier: &[Outcome]) -> Outcome {
    println!("\n── {} ({})", step.name, step.proves);
    let lacking = step.needs.iter().find(|need| {
        earlier
            .iter()
            .any(|o| o.step.name == **need && o.failure.is_some())
    });
    let start = Instant::now();
    let failure = match lacking {
        Some(need) => Some(format!("Not run, because it needs {need}.")),
        None => (step.run)().err().map(|t| t.to_string()),
    };
    if let Some(sentence) = &failure {
        println!("✗ {}: {sentence}", step.name);
    }
    Outcome {
        step,
        failure,
        took: start.elapsed(),
    }
}

fn summary(outcomes: &[Outcome]) -> Result<(), Trouble> {
    println!("\n── summary");
    for outcome in outcomes {
        let mark = if outcome.failure.is_some() { "✗" } else { "✓" };
        println!(
            "{mark} {:<12} {:>6.1} s",
            outcome.step.name,
            outcome.took.as_secs_f64()
        );
    }
    let failed: Vec<&str> = outcomes
        .iter()
        .filter(|o| o.failure.is_some())
        .map(|o| o.step.name)
        .collect();
    println!(
        "{} passed, {} failed",
        outcomes.len() - failed.len(),
        failed.len()
    );
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
        let names: Vec<&str> = with_needs("clippy")
            .expect("the step exists")
            .iter()
            .map(|s| s.name)
            .collect();
        assert_eq!(names, ["ui-build", "clippy"]);
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
            run: || Ok(()),
        };
        let first = run_one(&FIRST, &[]);
        let second = run_one(&SECOND, &[first]);
        assert_eq!(
            second.failure.as_deref(),
            Some("Not run, because it needs first.")
        );
    }
}
