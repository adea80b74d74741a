//! Processes that are killed: at each step of a renewal, and at any moment under load.

use std::time::Duration;

use rand::Rng;
use usher_core::ports::{Clock, SystemClock};

use crate::{
    figures::{Broken, Figures, broken, ensure},
    hold::Step,
    lives::Lives,
    process::Keeper,
    scale::Scale,
    talk::{Command, Said, Task},
};

/// How many servers are signed in to.
const GRANTS: usize = 3;
/// How many lines of a loaded process are heard before it is killed, at most.
const LINES: usize = 60;
/// How long a kill that is not at a certain line waits, at most: about as long as a start takes.
const START: Duration = Duration::from_millis(400);
/// The same after a line: about as long as one thing takes.
const MOMENT: Duration = Duration::from_millis(8);

/// Where in a renewal the process is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    /// At a step of its own.
    At(Step),
    /// The request is at the authorization server, which does nothing any more.
    Sent,
    /// The authorization server has spent the refresh token, and its answer is not out.
    Decided,
}

/// Every point, with what the table calls it and whether the answer is lost there.
const POINTS: [(Point, &str, bool); 5] = [
    (Point::At(Step::Marked), "kill before the request", false),
    (Point::Sent, "kill after the request", false),
    (Point::Decided, "kill after the decision there", true),
    (
        Point::At(Step::Answered),
        "kill after the answer, before the commit",
        true,
    ),
    (Point::At(Step::Kept), "kill after the commit", false),
];

/// Kills at each point in turn, and then at random.
pub async fn run(scale: Scale) -> Result<(), Broken> {
    let mut lives = Lives::with(GRANTS).await;
    for (point, what, loses) in POINTS {
        let mut figures = Figures::of(what);
        let rounds = scale.of(4, 80);
        for round in 0..rounds {
            at(&mut lives, &mut figures, point, round).await?;
            let prompts = look(&mut lives, &mut figures).await?;
            ensure(prompts == usize::from(loses), || {
                format!(
                    "{what}: {prompts} prompts, where {} is honest",
                    usize::from(loses)
                )
            })?;
            figures.round_of(rounds);
        }
        lives.settle(&mut figures);
        checked(figures)?.print();
    }
    let mut figures = Figures::of("kill at any moment, under load");
    let rounds = scale.of(20, 600);
    for _ in 0..rounds {
        anywhere(&mut lives, &mut figures).await?;
        figures.round_of(rounds);
    }
    look(&mut lives, &mut figures).await?;
    lives.settle(&mut figures);
    checked(figures)?.print();
    Ok(())
}

/// Every refusal must have been told to the person, and nothing else: the ledger has seen that each stands for a lost answer.
fn checked(mut figures: Figures) -> Result<Figures, Broken> {
    ensure(figures.prompts == figures.invalid_grants, || {
        format!(
            "{}: the authorization server refused {} times, and the person heard of {}",
            figures.what, figures.invalid_grants, figures.prompts
        )
    })?;
    figures.losses = figures.invalid_grants;
    Ok(figures)
}

/// Starts once more and renews everything, then kills that process while it has nothing to do.
async fn look(lives: &mut Lives, figures: &mut Figures) -> Result<usize, Broken> {
    let mut keeper = open(lives, None).await?;
    let prompts = lives.renew_all(&mut keeper).await?;
    figures.prompts += prompts;
    lives.kill(keeper, figures).await?;
    Ok(prompts)
}

async fn open(lives: &mut Lives, hold: Option<Step>) -> Result<Keeper, Broken> {
    let mut keeper = lives.start(Task::Obey { hold }).await;
    match lives.hear(&mut keeper).await? {
        Said::Open => Ok(keeper),
        other => Err(broken(format!("a process began with {other:?}"))),
    }
}

/// Lets a process come to a point of a renewal, and kills it there.
async fn at(lives: &mut Lives, figures: &mut Figures, point: Point, round: usize) -> Result<(), Broken> {
    let server = lives.servers[round % lives.servers.len()];
    let renew = Command::Renew(server);
    let step = match point {
        Point::At(step) => Some(step),
        Point::Sent | Point::Decided => None,
    };
    let mut keeper = open(lives, step).await?;
    let mut held = match point {
        Point::Sent => lives.authorization.hold_request(),
        Point::Decided => lives.authorization.hold_answer(),
        Point::At(_) => {
            keeper.tell(&Command::Arm).await;
            keeper.tell(&renew).await;
            keeper
                .until(|said| matches!(said, Said::Held).then_some(()))
                .await?;
            return lives.kill(keeper, figures).await;
        }
    };
    keeper.tell(&renew).await;
    ensure(held.reached().await, || {
        "no request came to be held up".to_owned()
    })?;
    lives.kill(keeper, figures).await?;
    held.given_up().await;
    Ok(())
}

/// Kills a process during its start, or somewhere in the middle of renewing and writing.
async fn anywhere(lives: &mut Lives, figures: &mut Figures) -> Result<(), Broken> {
    if rand::rng().random_bool(0.25) {
        let keeper = lives.start(Task::Obey { hold: None }).await;
        some(START).await;
        return lives.kill(keeper, figures).await;
    }
    let mut keeper = open(lives, None).await?;
    figures.prompts += lives.renew_all(&mut keeper).await?;
    keeper.tell(&Command::Load(lives.servers.clone())).await;
    let lines = rand::rng().random_range(1..LINES);
    for _ in 0..lines {
        if let Said::Prompt(_) = lives.hear(&mut keeper).await? {
            return Err(broken("the person was asked, and no answer had been lost"));
        }
    }
    some(MOMENT).await;
    lives.kill(keeper, figures).await
}

/// Lets a random time pass: the moment of the kill is to be any.
async fn some(most: Duration) {
    let part = rand::rng().random_range(0.0..1.0);
    SystemClock.sleep(most.mul_f64(part)).await;
}
