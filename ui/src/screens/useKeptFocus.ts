/** The focus where the page takes it away: a control that goes or is switched off while it has it. */
import { useEffect } from 'react';

/** Where the focus lands, in this order: what is asked, what opens the vault, what is shown. */
const LANDINGS = ['[role="alertdialog"]', '[role="dialog"]', '.vault input', '.vault h2', 'main h1'];

/** Hands the focus on, so that the keyboard is never nowhere: back to a control that can be used again, or else to the heading
 * of what is shown next. Whoever puts it somewhere better is first. */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: HTMLElement | null = null;
    let isOff = false;
    let frame = 0;
    const note = () => { last = focused() ?? last; };
    const forget = () => { last = null; };
    const look = () => {
      frame = 0;
      const now = focused();
      if (now || !last) {
        last = now;
        isOff = false;
      } else if (!last.isConnected) {
        forget();
        land();
      } else if (last.matches(':disabled')) {
        isOff = true;
      } else if (isOff) {
        last.focus();
      }
    };
    // A frame later, a dialog that closes has given the focus back, if it can.
    const soon = () => { if (frame === 0) frame = requestAnimationFrame(look); };
    const observer = new MutationObserver(soon);
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['disabled'] });
    document.addEventListener('focusin', note);
    // Whoever clicks beside everything wants the focus nowhere.
    document.addEventListener('pointerdown', forget, true);
    document.addEventListener('click', note, true);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
      document.removeEventListener('focusin', note);
      document.removeEventListener('pointerdown', forget, true);
      document.removeEventListener('click', note, true);
    };
  }, []);
}

function focused(): HTMLElement | null {
  const now = document.activeElement;
  return now instanceof HTMLElement && now !== document.body ? now : null;
}

function land(): void {
  const place = LANDINGS.map((one) => document.querySelector<HTMLElement>(one)).find((one) => one !== null);
  if (!place) return;
  if (place.matches('h1, h2')) place.tabIndex = -1;
  place.focus();
}
