import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { draw, handHost } from '../test/core';
import { LostByKeychain } from './LostByKeychain';

const LONG = 'correct horse battery';

test('it says what is at stake, and a passphrase is one click away', async () => {
  const { host, asked } = handHost();
  draw(host, <LostByKeychain />);
  expect(screen.getByText(/before you quit/)).toBeTruthy();
  const person = userEvent.setup();
  await person.click(screen.getByRole('button', { name: 'Choose a passphrase…' }));
  await person.type(screen.getByLabelText('Passphrase'), LONG);
  await person.type(screen.getByLabelText('The same once more'), `${LONG}{Enter}`);
  expect(asked[0]).toMatchObject({ name: 'choosePassphrase', argument: { passphrase: LONG } });
});

test('the keychain is asked again when the person says so', async () => {
  const { host, asked } = handHost();
  draw(host, <LostByKeychain />);
  await userEvent.setup().click(screen.getByRole('button', { name: 'Try again' }));
  expect(asked[0]).toMatchObject({ name: 'retryVault', argument: null });
});
