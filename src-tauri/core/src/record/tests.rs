use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::oauth::{Decision, What};

/// A clock that stands still.
struct Still;

#[async_trait]
impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(1_000)
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }

    async fn sleep(&self, _: Duration) {}
}

struct World {
    directory: TempDir,
    store: Store,
    record: Record,
}

impl World {
    async fn new() -> Self {
        let directory = tempfile::tempdir().expect("the system has room for temporary files");
        Self::open(directory).await
    }

    async fn open(directory: TempDir) -> Self {
        let store = Store::open(directory.path())
            .await
            .expect("the directory is ours");
        let record = Record::new(store.clone(), Arc::new(Still));
        Self {
            directory,
            store,
            record,
        }
    }

    /// Ends this life of the app and begins the next.
    async fn restart(self) -> Self {
        self.store.close().await;
        Self::open(self.directory).await
    }

    async fn sql(&self, sql: &str) {
        let mut write = self.store.write().await.expect("a transaction");
        sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
            .execute(&mut *write)
            .await
            .expect("the test's SQL is right");
        write.commit().await.expect("it is written");
    }

    async fn server(&self) -> ServerId {
        let id = ServerId::random();
        self.sql(&format!(
            "INSERT INTO servers (id, name, url, reach, overridden, wanted, created_at) \
             VALUES ('{id}', 'a server', 'http://127.0.0.1:1/mcp', 'loopback', 0, 1, 0)"
        ))
        .await;
        id
    }

    async fn runs(&self, server: ServerId) -> Vec<Summary> {
        self.record.runs(server).await.expect("the store works")
    }

    async fn steps(&self, id: RunId) -> Vec<Step> {
        let found = self.record.run(id).await.expect("the store works");
        found.map(|(_, steps)| steps).unwrap_or_default()
    }
}

fn ended(ending: Value) -> Standing {
    let at = Timestamp::from_seconds(1_000);
    Standing::Ended { at, ending }
}

#[tokio::test]
async fn a_run_is_under_way_while_somebody_holds_it_and_unfinished_after() {
    let world = World::new().await;
    let (server, id) = (world.server().await, RunId::random());
    let run = world.record.begin(id, server);
    run.trace().decided(Decision::ChallengeAbsent {});
    assert_eq!(world.runs(server).await[0].standing, Standing::UnderWay);
    assert_eq!(
        world.steps(id).await.len(),
        1,
        "it can be read before it is written"
    );
    run.save().await;
    drop(run);
    assert_eq!(world.runs(server).await[0].standing, Standing::Unfinished);
    assert_eq!(world.steps(id).await.len(), 1);
}

#[tokio::test]
async fn a_run_goes_on_in_its_row_after_a_restart() {
    let world = World::new().await;
    let (server, id) = (world.server().await, RunId::random());
    let run = world.record.begin(id, server);
    run.trace().decided(Decision::ChallengeAbsent {});
    run.save().await;
    drop(run);
    let world = world.restart().await;
    let run = world.record.resume(id, server).await;
    assert_eq!(world.runs(server).await[0].standing, Standing::UnderWay);
    run.trace().decided(Decision::StateMatched {});
    run.ended(&"well");
    run.save().await;
    let runs = world.runs(server).await;
    assert_eq!(runs.len(), 1, "it is one run");
    assert_eq!(runs[0].standing, ended(json!("well")));
    assert_eq!(world.steps(id).await.len(), 2, "with the steps of both lives");
}

#[tokio::test]
async fn the_last_ten_of_each_kind_are_kept() {
    let world = World::new().await;
    let (server, other) = (world.server().await, world.server().await);
    world.record.begin(RunId::random(), other).save().await;
    for at in 0..12 {
        let renewal = world.record.aside(server, Kind::Renewal);
        renewal.ended(&at);
        renewal.save().await;
    }
    world.record.begin(RunId::random(), server).save().await;
    let runs = world.runs(server).await;
    let renewals: Vec<_> = runs.iter().filter(|run| run.kind == Kind::Renewal).collect();
    assert_eq!(renewals.len(), 10);
    assert_eq!(renewals[0].standing, ended(json!(11)), "the newest first");
    assert_eq!(renewals[9].standing, ended(json!(2)));
    assert_eq!(runs.len(), 11, "renewals push no sign-in out");
    assert_eq!(world.runs(other).await.len(), 1, "nor another server's");
}

#[tokio::test]
async fn what_happened_goes_with_its_server() {
    let world = World::new().await;
    let (server, id) = (world.server().await, RunId::random());
    let run = world.record.begin(id, server);
    run.save().await;
    world
        .sql(&format!("DELETE FROM servers WHERE id = '{server}'"))
        .await;
    run.save().await;
    drop(run);
    assert_eq!(world.record.run(id).await.expect("the store works"), None);
}

#[tokio::test]
async fn a_record_that_cannot_be_written_stops_nothing() {
    let world = World::new().await;
    let run = world.record.begin(RunId::random(), world.server().await);
    world.store.close().await;
    run.trace().decided(Decision::StateMatched {});
    run.ended(&"well");
    run.save().await;
    assert_eq!(run.trace().steps().len(), 1);
}

#[tokio::test]
async fn a_step_that_this_version_does_not_know_hides_no_other() {
    let world = World::new().await;
    let (server, id) = (world.server().await, RunId::random());
    world.record.begin(id, server).save().await;
    let steps = json!([
        { "afterMs": 1, "what": { "kind": "decided", "decision": { "kind": "fromTheFuture" } } },
        { "afterMs": 2, "what": { "kind": "leftOut", "steps": 7 } },
    ]);
    world.sql(&format!("UPDATE traces SET steps = '{steps}'")).await;
    let read: Vec<_> = world.steps(id).await.into_iter().map(|step| step.what).collect();
    assert_eq!(read, [What::LeftOut { steps: 7 }]);
}

#[tokio::test]
async fn whoever_looks_on_hears_of_each_step_and_of_what_the_background_kept() {
    let world = World::new().await;
    let server = world.server().await;
    let mut news = world.record.news();
    let run = world.record.begin(RunId::random(), server);
    run.trace().decided(Decision::StateMatched {});
    assert_eq!(news.try_recv().ok(), Some(run.grown()));
    let renewal = world.record.aside(server, Kind::Renewal);
    renewal.trace().decided(Decision::StateMatched {});
    assert!(
        news.try_recv().is_err(),
        "a renewal that may go well is nobody's business"
    );
    renewal.save().await;
    assert_eq!(news.try_recv().ok(), Some(renewal.grown()));
}

#[tokio::test]
async fn the_account_of_a_run_is_kept_with_it() {
    let world = World::new().await;
    let (server, id, account) = (world.server().await, RunId::random(), AccountId::random());
    let run = world.record.begin(id, server);
    assert_eq!(
        world.runs(server).await[0].account,
        None,
        "nobody has signed in yet"
    );
    run.about(account);
    assert_eq!(world.runs(server).await[0].account, Some(account));
    run.save().await;
    drop(run);
    let world = world.restart().await;
    assert_eq!(world.runs(server).await[0].account, Some(account));
    assert_eq!(
        world.record.resume(id, server).await.summary().account,
        Some(account),
        "it goes on with what it was about"
    );
}
