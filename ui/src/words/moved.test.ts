import { expect, test } from 'vitest';

import { account, usedAs } from '../test/accounts';
import { groupOf, markOf, rowLine, stateSentence } from './sentences';
import { localization, wordsOf } from './words';

const words = wordsOf(localization);

test('a server whose account moved to another computer needs nobody', () => {
  const moved = { ...usedAs(account('ada', { needs: 'handedOver' })), state: { kind: 'signInNeeded', reason: 'handedOver' } } as const;
  expect([groupOf(moved), markOf(moved)]).toEqual(['off', 'off']);
  expect(rowLine(words, moved, 0)).toBe('Moved to another computer');
  expect(stateSentence(words, moved, 0).lead).toBe('Moved');
});
