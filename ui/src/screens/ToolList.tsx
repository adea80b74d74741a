import { ListBox, ListBoxItem } from 'react-aria-components';

import type { ToolView } from '../../contract/ToolView';
import { SearchInput } from '../parts/SearchInput';
import { ServerText } from '../parts/ServerText';
import { useWords } from '../words/words';
import { includes } from './finding';

interface Props {
  readonly tools: readonly ToolView[];
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly chosen: string | null;
  readonly onChoose: (tool: string) => void;
}

/** The tools of one server, with search over names, titles and descriptions. */
export function ToolList({ tools, query, onQuery, chosen, onChoose }: Props) {
  const words = useWords();
  const shown = tools.filter((tool) => [tool.name, tool.title, tool.description].some((text) => includes(text ?? '', query)));
  return (
    <>
      <SearchInput label={words.say('tools-search')} value={query} onChange={onQuery} />
      {shown.length > 0 ? (
        <ListBox
          className="tool-list"
          aria-label={words.say('tools-list')}
          selectionMode="single"
          selectionBehavior="replace"
          selectedKeys={chosen === null ? [] : [chosen]}
          onAction={(key) => { onChoose(String(key)); }}
          onSelectionChange={(keys) => { const [key] = keys === 'all' ? [] : [...keys]; if (key !== undefined) onChoose(String(key)); }}
        >
          {shown.map((tool) => (
            <ListBoxItem key={tool.name} id={tool.name} textValue={tool.name} className="tool">
              <span className="tool-name" title={tool.name}><ServerText text={tool.title ?? tool.name} /></span>
              {tool.description ? <span className="tool-line"><ServerText text={tool.description} /></span> : null}
            </ListBoxItem>
          ))}
        </ListBox>
      ) : <p className="soft">{words.say('tools-none-found', { query })}</p>}
    </>
  );
}
