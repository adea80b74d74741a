import { cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { QuestionView } from '../../contract/QuestionView';
import type { ServerView } from '../../contract/ServerView';
import { draw, handHost } from '../test/core';
import { Store } from '../state/store';
import { server, snapshot } from '../test/servers';
import { NeedsYou } from './NeedsYou';
import { serverPlace, type Place } from './place';
import { Question } from './Question';
import { QuestionWaits } from './QuestionWaits';

const question: QuestionView = {
  id: 'q', tool: 'save', message: '<b>Who</b> are you?', more: 1,
  schema: { type: 'object', properties: { name: { type: 'string', title: 'Your name', default: 'Jane' }, age: { type: 'integer', title: 'Age', default: 30 }, sure: { type: 'boolean', title: 'Sure', default: true }, note: { type: 'string', title: 'Note' } }, required: ['name'] },
};

function open(part: Partial<QuestionView> = {}) {
  const core = handHost();
  const asked = { ...question, ...part };
  draw(core.host, <Question server={server('a', { question: asked })} question={asked} />);
  return { ...core, person: userEvent.setup() };
}

test('sep1034 what the server filled in is sent as it is, and what it left open is not', async () => {
  const { asked, person } = open();
  expect(asked).toEqual([]);
  await person.click(screen.getByRole('button', { name: 'Answer' }));
  expect(asked).toMatchObject([{ name: 'answerQuestion', argument: { question: { server: 'a', question: 'q' }, answer: { name: 'Jane', age: 30, sure: true } } }]);
  expect(Object.keys((asked[0]?.argument as { answer: object }).answer)).toEqual(['name', 'age', 'sure']);
});

test('a filled-in value that is taken out is not put back', async () => {
  const { asked, person } = open();
  await person.clear(screen.getByLabelText(/Age/));
  await person.clear(screen.getByLabelText('Your name'));
  await person.type(screen.getByLabelText('Your name'), 'Ada');
  await person.click(screen.getByRole('button', { name: 'Answer' }));
  expect(JSON.parse(JSON.stringify(asked[0]?.argument))).toMatchObject({ answer: { name: 'Ada', sure: true } });
  expect(JSON.stringify(asked[0]?.argument)).not.toContain('age');
});

test('declining and cancelling are two things', async () => {
  const { asked, person } = open();
  await person.click(screen.getByRole('button', { name: 'Decline' }));
  expect(asked).toMatchObject([{ name: 'declineQuestion', argument: { server: 'a', question: 'q' } }]);
  cleanup();
  const other = open();
  await other.person.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(other.asked).toMatchObject([{ name: 'cancelQuestion', argument: { server: 'a', question: 'q' } }]);
});

test('it says whose words they are, warns, and shows them as text', () => {
  open();
  expect(screen.getByText('a asks you something for save')).toBeTruthy();
  expect(screen.getByText(/words of a\.example.*Never enter a password/)).toBeTruthy();
  expect(screen.getByText('<b>Who</b> are you?')).toBeTruthy();
  expect(document.querySelector('b')).toBeNull();
  expect(screen.getByText('One more question after this one')).toBeTruthy();
});

test('a question without a form takes a yes', async () => {
  const { asked, person } = open({ schema: { type: 'object', properties: {} } });
  await person.click(screen.getByRole('button', { name: 'Agree' }));
  expect(asked).toMatchObject([{ name: 'answerQuestion', argument: { answer: {} } }]);
});

test('from everywhere else there is a way to the tool that asks', async () => {
  const went: Place[] = [];
  const asking: ServerView = server('a', { state: { kind: 'ready' }, question });
  const tools = { tools: [{ name: 'save', title: null, description: null, inputSchema: {}, readOnly: false, destructive: false }], listedAt: 1 };
  const go = (place: Place) => { went.push(place); };
  const show = (place: Extract<Place, { kind: 'server' }>) => { cleanup(); draw(handHost().host, <QuestionWaits server={asking} question={question} tools={tools} place={place} onGo={go} />); };
  const here = { kind: 'server', id: 'a', tab: 'tools', tool: 'save' } as const;
  show(here);
  expect(screen.queryByRole('button')).toBeNull();
  show({ ...here, tab: 'settings' });
  await userEvent.setup().click(screen.getByRole('button', { name: 'Show' }));
  cleanup();
  draw(handHost().host, <NeedsYou servers={[asking]} snoozedUntil={null} except={null} onGo={go} />);
  expect(screen.getByText('A tool that you are running waits for your answer.')).toBeTruthy();
  await userEvent.setup().click(screen.getByRole('button', { name: 'Show' }));
  expect(went).toEqual([serverPlace('a', 'tools', 'save'), serverPlace('a', 'tools', 'save')]);
});

test('a question of no tool that is listed is asked on the page itself', () => {
  const nobodys = { ...question, tool: null };
  draw(handHost().host, <QuestionWaits server={server('a', { question: nobodys })} question={nobodys} tools={undefined} place={{ kind: 'server', id: 'a', tab: 'activity', tool: null }} onGo={() => undefined} />);
  expect(screen.getByText('a asks you something')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Answer' })).toBeTruthy();
});

test('a further question of the same run says so, and takes the focus from what was left of the one before', async () => {
  const core = handHost();
  const store = new Store(core.host);
  const started = store.start();
  await waitFor(() => { expect(core.asked).toHaveLength(1); });
  const asking = (id: string) => server('a', { question: { ...question, id } });
  core.asked[0]?.answer(snapshot(1, [asking('q1')]));
  await started;
  const show = (id: string) => { draw(core.host, <Question server={asking(id)} question={{ ...question, id }} />, store); };
  show('q1');
  expect(document.activeElement).toBe(screen.getByRole('region', { name: 'a asks you something for save' }));
  cleanup();
  const again = store.refresh();
  await waitFor(() => { expect(core.asked.at(-1)?.name).toBe('snapshot'); });
  core.asked.at(-1)?.answer(snapshot(2, [asking('q2')]));
  await again;
  show('q2');
  expect(document.activeElement).toBe(screen.getByRole('region', { name: 'a asks you something more for save' }));
  expect(screen.getByText('Question 2')).toBeTruthy();
});

test('a question does not tear anybody from a field they write in', () => {
  const { host } = handHost();
  draw(host, <input aria-label="Search" />);
  screen.getByLabelText('Search').focus();
  draw(host, <Question server={server('a')} question={question} />);
  expect(document.activeElement).toBe(screen.getByLabelText('Search'));
});
