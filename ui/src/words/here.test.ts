import { expect, test } from 'vitest';

import { happened, nextStep } from './errors';
import { isHere } from './here';
import { localization, wordsOf } from './words';

test('this computer is known by each of its names', () => {
  for (const host of ['localhost', 'LOCALHOST:8080', 'shop.localhost', '127.0.0.1', '127.0.0.1:18911', '127.8.0.1', '[::1]', '[::1]:80']) expect(isHere(host), host).toBe(true);
  for (const host of ['example.com', 'localhost.example.com', '127.0.0.1.example.com', '10.0.0.1', 'notlocalhost', '::2', '']) expect(isHere(host), host).toBe(false);
});

test('what does not answer on this computer is not blamed on the network', () => {
  const words = wordsOf(localization);
  const at = (host: string) => ({ code: 'unreachable', args: { host }, server: null }) as const;
  expect(happened(words, at('127.0.0.1:80'))).toBe('Nothing answers at 127.0.0.1:80.');
  expect(nextStep(words, at('localhost'))).toContain('is the server running?');
  expect(nextStep(words, at('example.com'))).toContain('Check your network');
});
