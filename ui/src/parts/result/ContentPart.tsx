import type { ContentView } from '../../../contract/ContentView';
import { useWords } from '../../words/words';
import { CopyButton } from '../CopyButton';
import { ServerText } from '../ServerText';
import { LongText } from './JsonText';
import { ValueView } from './ValueView';

/** Pictures without scripts in them; anything else is named and not shown. */
const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** One part of a tool's answer. */
export function ContentPart({ part }: { readonly part: ContentView }) {
  const words = useWords();
  switch (part.kind) {
    case 'text': {
      const value = structureOf(part.text);
      return value === undefined ? <LongText text={part.text} /> : <ValueView value={value} />;
    }
    case 'image':
      if (!PICTURES.includes(part.mediaType)) return <p className="soft">{words.say('result-image-unsafe', { type: part.mediaType })}</p>;
      return <img className="picture" src={`data:${part.mediaType};base64,${part.data}`} alt={words.say('result-image', { type: part.mediaType })} />;
    case 'link':
      return (
        <p className="code-line">
          <span>{part.name ? <><b><ServerText text={part.name} /></b> </> : null}<ServerText text={part.uri} /></span>
          <CopyButton text={() => part.uri} />
        </p>
      );
    case 'other':
      return <p className="soft">{words.say('result-other', { type: part.mediaType })}</p>;
  }
}

/** Text that is a JSON object or array. */
function structureOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
