import { ListBoxItem } from 'react-aria-components';

import { Dot } from '../parts/Dot';
import { ServerIcon } from '../parts/ServerIcon';
import { ServerText } from '../parts/ServerText';
import { markOf, rowLine } from '../words/sentences';
import { useWords } from '../words/words';
import type { Entry } from './finding';
import { useIsLocked } from './useIsLocked';

/** One server in the list: icon, name, state in words, dot. */
export function SidebarRow({ entry, now }: { readonly entry: Entry; readonly now: number }) {
  const words = useWords();
  const { server, tools } = entry;
  const locked = useIsLocked(server);
  const line = tools.length > 0 ? words.say('list-found-tools', { count: tools.length, tools: tools.join(', ') }) : locked ? words.say('row-locked') : rowLine(words, server, now);
  return (
    <ListBoxItem id={server.id} textValue={server.name} className="row">
      <ServerIcon name={server.name} />
      <span className="row-words">
        <span className="row-name" title={server.name}><ServerText text={server.name} /></span>
        <span className="row-line" title={line}>{line}</span>
      </span>
      <Dot mark={locked ? 'off' : markOf(server)} />
    </ListBoxItem>
  );
}
