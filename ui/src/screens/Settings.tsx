import type { Known } from '../state/state';
import { ServerText } from '../parts/ServerText';
import { CopyButton } from '../parts/CopyButton';
import { vaultSentence } from '../words/vault';
import { useWords } from '../words/words';

/** Where things are kept, and which version this is. */
export function Settings({ known }: { readonly known: Known }) {
  const words = useWords();
  return (
    <section className="narrow-text" aria-labelledby="settings-title">
      <h1 id="settings-title" className="page-title">{words.say('settings-title')}</h1>
      <dl className="facts">
        <dt>{words.say('settings-key')}</dt>
        <dd>{words.say(vaultSentence(known.vault))}<span className="hint">{words.say('settings-words-key')}</span></dd>
        <dt>{words.say('settings-data')}</dt>
        <dd><span className="code-line"><ServerText text={known.dataDirectory} /><CopyButton text={() => known.dataDirectory} /></span></dd>
        <dt>{words.say('settings-version')}</dt>
        <dd>{known.version}</dd>
      </dl>
    </section>
  );
}
