/** The core behind loopback HTTP, as the lab serves it: the same envelope, for a plain browser. */
import type { Event } from '../../contract/Event';
import type { Answer, Argument, CallName, Host } from './host';

async function call<K extends CallName>(name: K, argument: Argument<K>): Promise<Answer<K>> {
  const response = await fetch('/call', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, argument }),
  });
  const body: unknown = await response.json();
  if (!response.ok) throw body;
  return body as Answer<K>;
}

function listen(heard: (event: Event) => void): Promise<() => void> {
  const source = new EventSource('/events');
  source.onmessage = (message: MessageEvent<string>) => { heard(JSON.parse(message.data) as Event); };
  return new Promise((resolve) => {
    source.onopen = () => { resolve(() => { source.close(); }); };
  });
}

export const httpHost: Host = { call, listen };
