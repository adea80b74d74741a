//! The table of peers and deeds that the run prints.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// What the app does with a peer, in the order of the journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// Signs in, on the provider's own pages.
    SignIn,
    /// Lists the tools.
    List,
    /// Asks for more when a tool needs another scope.
    StepUp,
    /// Calls a tool.
    Call,
    /// Is asked something in the middle of a call, and answers.
    Ask,
    /// Calls it after a restart, without a page.
    Restart,
    /// Renews the tokens when their time is up.
    Renew,
    /// Renews them when the server refuses one.
    Refused,
    /// Asks the person once when renewing is refused.
    AskOnce,
    /// Signs in again when the person clicks.
    Reconnect,
    /// Leaves, and the provider forgets.
    Disconnect,
    /// Has sent what was reviewed, and nothing else.
    Wire,
}

/// All of them, with what the table calls them.
const DEEDS: [(Deed, &str); 12] = [
    (Deed::SignIn, "sign in"),
    (Deed::List, "list"),
    (Deed::StepUp, "step up"),
    (Deed::Call, "call"),
    (Deed::Ask, "ask"),
    (Deed::Restart, "restart"),
    (Deed::Renew, "renew"),
    (Deed::Refused, "after 401"),
    (Deed::AskOnce, "ask once"),
    (Deed::Reconnect, "reconnect"),
    (Deed::Disconnect, "disconnect"),
    (Deed::Wire, "wire"),
];

#[derive(Debug, Clone, Copy)]
enum Cell {
    Begun,
    Done,
    Lacks(&'static str),
}

/// One peer's line. Cheap to clone: what was written stays when its journey fails.
#[derive(Clone)]
pub struct Row {
    peer: &'static str,
    cells: Arc<Mutex<BTreeMap<Deed, Cell>>>,
}

impl Row {
    /// Begins a peer's line.
    pub fn of(peer: &'static str) -> Self {
        let cells = Arc::default();
        Self { peer, cells }
    }

    /// Waits for a deed, which panics where it fails.
    pub async fn deed<T>(&self, deed: Deed, done: impl Future<Output = T>) -> T {
        self.write(deed, Cell::Begun);
        let outcome = done.await;
        self.write(deed, Cell::Done);
        outcome
    }

    /// Says what the peer does not offer.
    pub fn lacks(&self, deed: Deed, because: &'static str) {
        self.write(deed, Cell::Lacks(because));
    }

    fn write(&self, deed: Deed, cell: Cell) {
        self.cells().insert(deed, cell);
    }

    fn cells(&self) -> std::sync::MutexGuard<'_, BTreeMap<Deed, Cell>> {
        self.cells.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whether every cell holds a check or the reason why there is none.
    pub fn is_whole(&self) -> bool {
        let cells = self.cells();
        DEEDS
            .iter()
            .all(|(deed, _)| matches!(cells.get(deed), Some(Cell::Done | Cell::Lacks(_))))
    }
}

/// The lines of all peers.
pub struct Table(pub Vec<Row>);

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut notes: Vec<&str> = Vec::new();
        write!(f, "\n{:24}", "")?;
        for (_, heading) in DEEDS {
            write!(f, " {heading:^10}")?;
        }
        for row in &self.0 {
            write!(f, "\n{:24}", row.peer)?;
            for (deed, _) in DEEDS {
                let mark = match row.cells().get(&deed) {
                    None => String::new(),
                    Some(Cell::Begun) => "✗".to_owned(),
                    Some(Cell::Done) => "✓".to_owned(),
                    Some(Cell::Lacks(because)) => format!("– {}", number(&mut notes, because)),
                };
                write!(f, " {mark:^10}")?;
            }
        }
        writeln!(f)?;
        for (at, note) in notes.iter().enumerate() {
            writeln!(f, "– {} {note}", at + 1)?;
        }
        Ok(())
    }
}

/// Gives a note's number, a new one for a new note.
fn number(notes: &mut Vec<&'static str>, note: &'static str) -> usize {
    let known = notes.iter().position(|own| *own == note);
    known.unwrap_or_else(|| {
        notes.push(note);
        notes.len() - 1
    }) + 1
}
