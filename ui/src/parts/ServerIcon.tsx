const SHADES = 12;

/** The first letters of the first two words. */
export function initials(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  const letters = words.slice(0, 2).map((word) => [...word][0] ?? '');
  return letters.join('').toUpperCase() || '·';
}

/** A colour that stays the same for the same name. */
export function shade(name: string): number {
  let sum = 0x811c9dc5;
  for (const character of name) sum = Math.imul(sum ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return (((sum >>> 16) ^ sum) >>> 0) % SHADES;
}

export function ServerIcon({ name, large = false }: { readonly name: string; readonly large?: boolean }) {
  return (
    <span className={`icon shade-${String(shade(name))}${large ? ' icon-large' : ''}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
