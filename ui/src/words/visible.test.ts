import { expect, test } from 'vitest';

import { pieces, visible } from './visible';

test('an override that would turn text around is shown instead of obeyed', () => {
  expect(visible('pay\u202Epal')).toBe('pay‹U+202E›pal');
});

test('an escape sequence loses its escape', () => {
  expect(visible('\u001b[31mred')).toBe('‹U+001B›[31mred');
});

test('invisible characters of every kind are shown', () => {
  for (const character of ['\u0000', '\u0007', '\u007f', '\u0085', '\u200b', '\u200e', '\u2066', '\u2028', '\ufeff', '\u{e0041}']) {
    expect(visible(`a${character}b`)).toMatch(/^a‹U\+[0-9A-F]{4,}›b$/);
  }
});

test('line breaks stay where lines are wanted and nowhere else', () => {
  expect(pieces('a\nb', true).map((piece) => piece.text).join('')).toBe('a\nb');
  expect(visible('a\nb')).toBe('a‹U+000A›b');
});

test('right-to-left text is kept from reordering its sentence', () => {
  expect(visible('שלום')).toBe('\u2068שלום\u2069');
  expect(visible('hello')).toBe('hello');
});
