import { expect, test } from 'vitest';

import { duration, took } from './time';
import { localization, wordsOf } from './words';

const words = wordsOf(localization);

test('lengths of time are said in the units a person would use', () => {
  expect([0, 40, 119, 120, 3599, 22_320, 172_800].map((seconds) => duration(words, seconds))).toEqual(['0 s', '40 s', '119 s', '2 min', '59 min', '6 h 12 min', '2 d 0 h']);
});

test('a time that has passed is zero and never negative', () => {
  expect(duration(words, -5)).toBe('0 s');
});

test('what took long is not told to the millisecond', () => {
  expect([184, 999, 1000, 3240, 9949, 9950, 54_063, 119_400, 754_000].map((ms) => took(words, ms))).toEqual(['184 ms', '999 ms', '1.0 s', '3.2 s', '9.9 s', '10 s', '54 s', '119 s', '12 min']);
});
