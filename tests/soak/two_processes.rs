//! Two starts of the app on one data directory when every access token has run out: one owns it, the other visits.

use crate::{
    figures::{Broken, Figures, broken, ensure},
    lives::Lives,
    process::Keeper,
    scale::Scale,
    talk::{Said, Task},
};

/// Runs both forms: two at once, and one that is killed while it renews.
pub async fn run(scale: Scale) -> Result<(), Broken> {
    let mut lives = Lives::with(1).await;
    let mut at_once = Figures::of("two processes at expiry");
    for _ in 0..scale.of(5, 100) {
        two_at_once(&mut lives, &mut at_once).await?;
        at_once.rounds += 1;
    }
    lives.settle(&mut at_once);
    only(&at_once, at_once.rounds)?;
    at_once.print();
    let mut taken_over = Figures::of("the owner is killed while it renews");
    for _ in 0..scale.of(5, 100) {
        take_over(&mut lives, &mut taken_over).await?;
        taken_over.rounds += 1;
    }
    lives.settle(&mut taken_over);
    // The request of the killed owner, on which nobody acted, and the one of its successor.
    only(&taken_over, 2 * taken_over.rounds)?;
    taken_over.print();
    Ok(())
}

fn only(figures: &Figures, requests: usize) -> Result<(), Broken> {
    ensure(figures.requests == requests, || {
        format!(
            "{}: {} token requests, where {requests} were due",
            figures.what, figures.requests
        )
    })?;
    ensure(figures.invalid_grants == 0, || {
        format!("{}: a refresh token was spent twice", figures.what)
    })
}

/// Starts two at the same moment. Whichever has the directory renews; the other is heard and ends.
async fn two_at_once(lives: &mut Lives, figures: &mut Figures) -> Result<(), Broken> {
    let mut one = lives.start(Task::Own).await;
    let mut other = lives.start_beside(Task::Own).await;
    let first = (one.hear().await?, other.hear().await?);
    let (mut owner, visitor) = match first {
        (Said::Open, Said::Away) => (one, other),
        (Said::Away, Said::Open) => (other, one),
        both => {
            return Err(broken(format!(
                "of two starts one must own and one visit: {both:?}"
            )));
        }
    };
    visitor.end().await?;
    let mut bearer = false;
    let mut visited = false;
    while !(bearer && visited) {
        match lives.hear(&mut owner).await? {
            Said::Bearer { .. } => bearer = true,
            Said::Visited => visited = true,
            Said::Prompt(_) => return Err(broken("two processes made the person sign in again")),
            _ => {}
        }
    }
    lives.kill(owner, figures).await
}

/// Kills the owner with its request at the authorization server, a visitor having come meanwhile; the next start takes over.
async fn take_over(lives: &mut Lives, figures: &mut Figures) -> Result<(), Broken> {
    let mut held = lives.authorization.hold_request();
    let mut owner = lives.start(Task::Own).await;
    starts_as(&mut owner, "owner", |said| matches!(said, Said::Open)).await?;
    ensure(held.reached().await, || "the owner did not renew".to_owned())?;
    let mut visitor = lives.start_beside(Task::Own).await;
    starts_as(&mut visitor, "visitor", |said| matches!(said, Said::Away)).await?;
    visitor.end().await?;
    lives.kill(owner, figures).await?;
    held.given_up().await;
    let mut successor = lives.start_beside(Task::Own).await;
    starts_as(&mut successor, "owner", |said| matches!(said, Said::Open)).await?;
    loop {
        match lives.hear(&mut successor).await? {
            Said::Bearer { .. } => break,
            Said::Prompt(_) => return Err(broken("a kill made the person sign in again")),
            _ => {}
        }
    }
    lives.kill(successor, figures).await
}

async fn starts_as(keeper: &mut Keeper, what: &str, is: impl Fn(&Said) -> bool) -> Result<(), Broken> {
    let said = keeper.hear().await?;
    ensure(is(&said), || {
        format!("a start was to be the {what} and said {said:?}")
    })
}
