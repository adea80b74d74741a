import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { draw, handHost } from '../test/core';
import { VaultPanel } from './VaultPanel';

test('a passphrase is taken only when it is long enough and typed the same twice', async () => {
  const { host, asked } = handHost();
  draw(host, <VaultPanel vault={{ kind: 'keychainAbsent', awaited: false }} />);
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
  draw(host, <VaultPanel vault={{ kind: 'keyLost', loss: 'missing' }} />);
  const person = userEvent.setup();
  await person.click(screen.getByRole('button', { name: 'Make a new key' }));
  expect(asked).toEqual([]);
  await person.click(screen.getByRole('button', { name: 'Give them up and start anew' }));
  expect(asked[0]?.name).toBe('replaceLostKey');
});

test('a passphrase is not offered where it would be refused: what is stored is given up first', async () => {
  const { host, asked } = handHost();
  draw(host, <VaultPanel vault={{ kind: 'keychainAbsent', awaited: true }} />);
  expect(screen.queryByLabelText('Passphrase')).toBeNull();
  await userEvent.setup().click(screen.getByRole('button', { name: 'Give them up' }));
  expect(asked).toEqual([]);
});

test('somebody who forgot the passphrase is not stuck', async () => {
  const { host, asked } = handHost();
  draw(host, <VaultPanel vault={{ kind: 'passphraseNeeded', wrong: true }} />);
  const person = userEvent.setup();
  await person.click(screen.getByRole('button', { name: 'I no longer know it' }));
  await person.click(screen.getByRole('button', { name: 'Give them up and start anew' }));
  expect(asked[0]?.name).toBe('replaceLostKey');
});
