import { running, type Known } from '../../state/state';
import { CopyButton } from '../../parts/CopyButton';
import { ServerText } from '../../parts/ServerText';
import { useWords } from '../../words/words';
import { Keys } from './Keys';
import { Transfer } from './Transfer';

/** The app's own settings: its keys, the way to another computer, and where things are kept. */
export function Settings({ known }: { readonly known: Known }) {
  const words = useWords();
  const hasAccounts = known.servers.some((server) => server.accounts.length > 0);
  return (
    <div className="settings">
      <h1 className="page-title">{words.say('settings-title')}</h1>
      <Keys vault={known.vault} running={running(known).map((one) => words.say('keys-lock-running-tool', one))} />
      <Transfer hasServers={known.servers.length > 0} hasAccounts={hasAccounts} isOpen={known.vault.kind === 'open'} folder={known.exportsFolder} />
      <section className="settings-section" aria-labelledby="about-title">
        <h2 id="about-title">{words.say('settings-about')}</h2>
        <dl className="facts">
          <dt>{words.say('settings-data')}</dt>
          <dd><span className="code-line"><ServerText text={known.dataDirectory} /><CopyButton text={() => known.dataDirectory} /></span></dd>
          <dt>{words.say('settings-version')}</dt>
          <dd>{known.version}</dd>
        </dl>
      </section>
    </div>
  );
}
