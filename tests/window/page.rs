//! The page as a person reads it: by its words, never by its markup.

use std::{cell::Cell, fs, path::PathBuf};

use crate::{driver::Driver, wait::until};

/// The page in the window.
pub struct Page {
    driver: Driver,
    pictures: PathBuf,
    taken: Cell<usize>,
}

impl Page {
    /// Looks at a page; pictures go to a folder, numbered on from `taken`.
    pub fn new(driver: Driver, pictures: PathBuf, taken: usize) -> Self {
        Self {
            driver,
            pictures,
            taken: Cell::new(taken),
        }
    }

    /// Waits until a text is shown.
    pub async fn sees(&self, text: &str) {
        until(&format!("the text {text:?}"), async || {
            self.shows(text).await.then_some(())
        })
        .await;
    }

    /// Waits until a text is no longer shown.
    pub async fn sees_no_more(&self, text: &str) {
        until(&format!("the text {text:?} to go"), async || {
            let shown = self.driver.text().await?;
            (!shown.contains(text)).then_some(())
        })
        .await;
    }

    /// Returns whether a text is shown now.
    pub async fn shows(&self, text: &str) -> bool {
        self.driver.text().await.is_some_and(|shown| shown.contains(text))
    }

    /// Presses what carries these words: a button, a tab, an entry of a list or menu.
    pub async fn press(&self, words: &str) {
        let roles = ["button", "tab", "option", "menuitem", "row", "radio", "link"];
        let roles = roles.map(|role| format!("@role='{role}'")).join(" or ");
        let path = format!(
            "//*[(self::button or self::a or {roles}) and not(@disabled) and not(@aria-disabled='true') and \
             (normalize-space()='{words}' or @aria-label='{words}' or .//*[normalize-space()='{words}'])]"
        );
        self.act(&format!("{words:?} to press"), &path, async |element| {
            self.driver.click(element).await
        })
        .await;
    }

    /// Types into the field with this label.
    pub async fn fill(&self, label: &str, text: &str) {
        let path = format!(
            "//*[self::input or self::textarea][@aria-label='{label}' or \
             @id=//label[starts-with(normalize-space(), '{label}')]/@for or \
             @aria-labelledby=//*[starts-with(normalize-space(), '{label}')]/@id or \
             ancestor::label[starts-with(normalize-space(), '{label}')]]"
        );
        self.act(&format!("the field {label:?}"), &path, async |element| {
            self.driver.fill(element, text).await
        })
        .await;
    }

    /// Goes on with the window that is there now.
    pub async fn switch(&self) {
        self.driver.switch().await;
    }

    /// Waits until a function body gives a number.
    pub async fn number(&self, script: &str) -> f64 {
        until("a number from the page", async || {
            self.driver.run(script).await?.as_f64()
        })
        .await
    }

    /// Waits until what is there has been painted.
    pub async fn painted(&self) {
        until("the page to be painted", async || self.driver.painted().await).await;
    }

    /// Takes a picture of the page.
    pub async fn picture(&self, name: &str) {
        let picture = until("a picture of the page", async || self.driver.picture().await).await;
        let path = self.next_picture(name);
        fs::write(path, picture).expect("the picture is written");
    }

    /// Names the next picture.
    pub fn next_picture(&self, name: &str) -> PathBuf {
        self.taken.set(self.taken.get() + 1);
        self.pictures.join(format!("{:02}-{name}.png", self.taken.get()))
    }

    /// Returns how many pictures were taken.
    pub fn taken(&self) -> usize {
        self.taken.get()
    }

    /// Does something with the first element that lets it be done.
    async fn act(&self, what: &str, path: &str, deed: impl AsyncFn(&str) -> Option<()>) {
        until(what, async || {
            for element in self.driver.find(path).await {
                if deed(&element).await.is_some() {
                    return Some(());
                }
            }
            None
        })
        .await;
    }
}
