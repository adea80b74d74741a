//! The keychain is locked, or there is none.

use crate::{desk::Desk, panel::Panel};

const PASSPHRASE: &str = "correct horse battery";

pub async fn locked(desk: Desk) {
    let app = desk.start();
    let page = desk.look().await;
    page.sees("Your keychain is locked").await;
    page.picture("locked").await;
    desk.picture_of_screen(&page, "system-asks").await;
    desk.answer_dialog("Unlock Login Keyring", "person").await;
    page.press("Try again").await;
    page.sees_no_more("Your keychain is locked").await;
    page.sees("Add your first MCP server").await;
    page.picture("unlocked").await;
    super::quit(app).await;
}

pub async fn absent(desk: Desk) {
    let panel = Panel::start().await;
    let app = desk.start();
    let page = desk.look().await;
    page.sees("This computer has no keychain that answers").await;
    page.picture("absent").await;
    page.fill("Passphrase", PASSPHRASE).await;
    page.fill("The same once more", PASSPHRASE).await;
    page.picture("passphrase").await;
    page.press("Use this passphrase").await;
    page.sees_no_more("This computer has no keychain").await;
    desk.look_away(page);
    super::quit(app).await;

    let app = desk.start();
    let page = desk.look().await;
    page.sees("Enter your passphrase").await;
    page.fill("Passphrase", "not this one, surely").await;
    page.press("Unlock").await;
    page.sees("That passphrase is wrong.").await;
    page.picture("wrong").await;
    page.fill("Passphrase", PASSPHRASE).await;
    page.press("Unlock").await;
    page.sees_no_more("Enter your passphrase").await;
    page.picture("open").await;
    panel.choose("Lock now").await;
    page.sees("Enter your passphrase").await;
    panel.offers("Usher is locked. Unlock it…").await;
    assert!(panel.hints().await.is_empty(), "who has locked it knows that");
    super::quit(app).await;
}
