/** Makes characters visible that a hostile text could hide behind: control, bidi and ANSI characters (S52). */

/** Controls, bidi marks and overrides, invisible spaces, tags, and line separators. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

export interface Piece {
  readonly text: string;
  readonly hidden: boolean;
}

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
}

/** Cuts a text into what may be shown as it is and pictures of what may not. */
export function pieces(text: string, lines: boolean): readonly Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (lines && /[\n\t]/.test(match[0])) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index), hidden: false });
    found.push({ text: picture(match[0]), hidden: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), hidden: false });
  return found;
}

/** Says whether a text holds characters that cannot be seen. */
export function hidesSomething(text: string): boolean {
  return pieces(text, false).some((piece) => piece.hidden);
}

/** One line of server text for use inside a sentence; right-to-left text is kept from reordering the sentence. */
export function visible(text: string): string {
  const shown = pieces(text, false).map((piece) => piece.text).join('');
  return RIGHT_TO_LEFT.test(shown) ? `\u2068${shown}\u2069` : shown;
}
