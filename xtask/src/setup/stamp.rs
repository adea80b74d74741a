//! A stamp beside something made from a file: a copy of that file, to tell when it must be made anew.

use std::{fs, path::Path};

use crate::trouble::{Trouble, trouble};

/// Makes something from `source` unless the stamp says that it was made from just this text.
pub fn unless_fresh(
    stamp: &Path,
    source: &Path,
    make: impl FnOnce() -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let text = fs::read(source).map_err(|e| trouble(format!("{} cannot be read: {e}.", source.display())))?;
    if fs::read(stamp).is_ok_and(|made_from| made_from == text) {
        return Ok(());
    }
    make()?;
    fs::write(stamp, text).map_err(|e| trouble(format!("{} cannot be written: {e}.", stamp.display())))
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, env, process};

    use super::*;

    #[test]
    fn a_thing_is_made_again_only_when_its_source_changed() {
        let folder = env::temp_dir().join(format!("usher-xtask-stamp-{}", process::id()));
        fs::create_dir_all(&folder).expect("the temporary folder takes a folder");
        let (stamp, source) = (folder.join("stamp"), folder.join("source"));
        let made = Cell::new(0);
        let make = || {
            made.set(made.get() + 1);
            Ok(())
        };
        for (text, times) in [("one", 1), ("one", 1), ("two", 2)] {
            fs::write(&source, text).expect("the source is writable");
            unless_fresh(&stamp, &source, make).expect("making succeeds");
            assert_eq!(made.get(), times, "after the source said {text:?}");
        }
        fs::remove_dir_all(&folder).expect("the folder is ours");
    }

    #[test]
    fn a_failed_making_leaves_no_stamp() {
        let folder = env::temp_dir().join(format!("usher-xtask-failed-stamp-{}", process::id()));
        fs::create_dir_all(&folder).expect("the temporary folder takes a folder");
        let (stamp, source) = (folder.join("stamp"), folder.join("source"));
        fs::write(&source, "one").expect("the source is writable");
        unless_fresh(&stamp, &source, || Err(trouble("no"))).expect_err("making fails");
        assert!(!stamp.exists(), "the next run must try again");
        fs::remove_dir_all(&folder).expect("the folder is ours");
    }
}
