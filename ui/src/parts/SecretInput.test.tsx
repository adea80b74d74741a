import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { draw, handHost } from '../test/core';
import { SecretInput } from './SecretInput';

test('what is typed is hidden, shown when the person wants to see it, and hidden again when it is sent', async () => {
  draw(handHost().host, <form aria-label="form" onSubmit={(event) => { event.preventDefault(); }}><SecretInput label="Passphrase" /></form>);
  const person = userEvent.setup();
  const field = screen.getByLabelText<HTMLInputElement>('Passphrase');
  expect(field.type).toBe('password');
  await person.click(screen.getByRole('button', { name: 'Show Passphrase' }));
  expect([field.type, field.autocomplete]).toEqual(['text', 'off']);
  fireEvent.submit(screen.getByRole('form'));
  expect(field.type).toBe('password');
});
