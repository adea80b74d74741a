import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { draw, handHost } from '../test/core';
import { VaultPanel } from './VaultPanel';

test('a passphrase is taken only when it is long enough and typed the same twice', async () => {
  const { host, asked } = handHost();
  draw(host, <VaultPanel vault={{ kind: 'keychainAbsent' }} />);
  const person = userEvent.setup();
  const use = screen.getByRole('button', { name: 'Use this passphrase' });
  await person.type(screen.getByLabelText('Passphrase'), 'short');
  await person.type(screen.getByLabelText('The same once more'), 'short');
  await person.click(use);
  expect(asked).toEqual([]);
  await person.type(screen.getByLabelText('Passphrase'), ' but longer');
  await person.click(use);
  expect(asked).toEqual([]);
  await person.type(screen.getByLabelText('The same once more'), ' but longer');
  await person.click(use);
  expect(asked[0]).toMatchObject({ name: 'choosePassphrase', argument: { passphrase: 'short but longer' } });
});

test('a lost key is replaced only after asking', async () => {
  const { host, asked } = handHost();
  draw(host, <VaultPanel vault={{ kind: 'keyLost' }} />);
  const person = userEvent.setup();
  await person.click(screen.getByRole('button', { name: 'Make a new key' }));
  expect(asked).toEqual([]);
  await person.click(screen.getByRole('button', { name: 'Give them up and make a new key' }));
  expect(asked[0]?.name).toBe('replaceLostKey');
});
