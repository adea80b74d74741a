use std::path::PathBuf;

use tempfile::TempDir;

use super::*;

const LINK: &str = "dev.usher.desktop://oauth/callback?code=c4n4ry&state=s";

fn home() -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().expect("a temporary directory");
    let path = home.path().to_owned();
    (home, path)
}

fn link() -> Visit {
    Visit::Link(Secret::new(LINK.to_owned()))
}

#[tokio::test]
async fn s29_another_start_is_heard_by_the_owner() {
    let (_home, path) = home();
    let mut door = Door::open(&path).expect("the door opens");
    for visit in [Visit::Show, link()] {
        knock(&path, &visit).await.expect("somebody is there");
        assert_eq!(door.next().await, Some(visit));
    }
}

#[tokio::test]
async fn s29_where_the_owner_is_gone_nobody_is_there_and_the_next_one_takes_its_place() {
    let (_home, path) = home();
    assert!(
        matches!(knock(&path, &Visit::Show).await, Err(NotHeard::Nobody)),
        "there never was one"
    );
    Door::open(&path).expect("the door opens").close().await;
    assert!(
        matches!(knock(&path, &Visit::Show).await, Err(NotHeard::Nobody)),
        "it is closed"
    );
    let mut next = Door::open(&path).expect("it opens again");
    knock(&path, &link()).await.expect("somebody is there");
    assert_eq!(next.next().await, Some(link()));
}

#[tokio::test]
async fn s18_a_flood_of_visits_is_cut_off_and_the_owner_goes_on() {
    let (_home, path) = home();
    let mut door = Door::open(&path).expect("the door opens");
    let mut refused = 0;
    for _ in 0..50 {
        match knock(&path, &link()).await {
            Ok(()) => {}
            Err(NotHeard::Refused) => refused += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(refused, 50 - WAITING, "what waits is bounded");
    for _ in 0..WAITING {
        assert_eq!(door.next().await, Some(link()), "what was heard is not lost");
    }
    knock(&path, &Visit::Show).await.expect("there is room again");
}

#[test]
fn s19_a_line_is_one_of_two_or_nothing() {
    assert_eq!(Visit::of("show"), Some(Visit::Show));
    assert_eq!(Visit::of(&format!("link {LINK}")), Some(link()));
    for strange in ["", "show me", "link", "link ", "Show", "run /bin/sh", "{}"] {
        assert_eq!(Visit::of(strange), None, "{strange:?}");
    }
}

#[test]
fn s42_a_visit_shows_nothing_of_its_link() {
    assert!(!format!("{:?}", link()).contains("c4n4ry"));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};

    use tokio::net::{UnixListener, UnixStream};

    use super::*;

    #[tokio::test]
    async fn s41_the_door_is_for_its_owner_alone_and_gone_when_it_is_closed() {
        let (_home, path) = home();
        let door = Door::open(&path).expect("the door opens");
        let socket = path.join("usher.sock");
        let found = std::fs::metadata(&socket).expect("it is there");
        assert!(found.file_type().is_socket());
        assert_eq!(found.permissions().mode() & 0o777, 0o600);
        door.close().await;
        assert!(!socket.exists(), "nothing is left");
    }

    #[tokio::test]
    async fn s29_what_a_killed_owner_left_is_replaced() {
        let (_home, path) = home();
        // A socket whose process is gone stays in the directory.
        drop(UnixListener::bind(path.join("usher.sock")).expect("it binds"));
        assert!(
            matches!(knock(&path, &Visit::Show).await, Err(NotHeard::Nobody)),
            "nobody listens"
        );
        let mut door = Door::open(&path).expect("the door opens");
        knock(&path, &Visit::Show).await.expect("somebody is there");
        assert_eq!(door.next().await, Some(Visit::Show));
    }

    #[tokio::test]
    async fn a_visitor_that_says_nothing_or_nonsense_or_never_ends_keeps_nobody_waiting() {
        let (_home, path) = home();
        let mut door = Door::open(&path).expect("the door opens");
        let visitor = async || {
            UnixStream::connect(path.join("usher.sock"))
                .await
                .expect("it is open")
        };
        let _silent = visitor().await;
        let mut endless = visitor().await;
        // The owner hangs up before it has read all of that.
        let _ = endless.write_all(&[b'x'; 64 * 1024]).await;
        let mut strange = visitor().await;
        strange.write_all(b"run /bin/sh\n").await.expect("it can be said");
        let answer = read_line(strange).await.expect("an answer");
        assert_eq!(answer.as_deref(), Some(UNKNOWN));
        knock(&path, &Visit::Show).await.expect("somebody is there");
        assert_eq!(door.next().await, Some(Visit::Show), "the one visit there was");
    }

    #[tokio::test]
    async fn an_owner_that_is_ending_counts_as_gone() {
        let (_home, path) = home();
        let ending = UnixListener::bind(path.join("usher.sock")).expect("it binds");
        let visiting = knock(&path, &Visit::Show);
        let closing = async {
            let (mut stream, _) = ending.accept().await.expect("a visitor");
            read_line(&mut stream).await.expect("a line");
        };
        let (visited, ()) = tokio::join!(visiting, closing);
        assert!(matches!(visited, Err(NotHeard::Nobody)), "{visited:?}");
    }
}
