import type { ExportContentsView } from '../../../contract/ExportContentsView';
import { ServerIcon } from '../../parts/ServerIcon';
import { ServerText } from '../../parts/ServerText';
import { moment } from '../../words/time';
import { useWords } from '../../words/words';

/** What is in a file: from when it is, and each server, with what is here already. */
export function ImportList({ found }: { readonly found: ExportContentsView }) {
  const words = useWords();
  return (
    <>
      <p className="hint deed-hint">{words.say('import-made', { moment: moment(found.madeAt) })}</p>
      {found.servers.length === 0 ? <p>{words.say('import-empty')}</p> : (
        <ul className="import-list" tabIndex={0} aria-label={words.say('import-list')}>
          {found.servers.map((server, at) => (
            <li key={at}>
              <ServerIcon name={server.name} />
              <span className="row-words">
                <span className="row-name" title={server.name}><ServerText text={server.name} /></span>
                <span className="row-line" title={server.url}><ServerText text={server.url.replace(/^https:\/\//, '')} /></span>
              </span>
              <span className="import-what">
                {server.accounts > 0 ? <span className="soft">{words.say('import-accounts', { count: server.accounts })}</span> : null}
                {server.secret && !server.known ? <span className="soft">{words.say('import-secret')}</span> : null}
                {server.known ? <span className="badge">{words.say('import-known')}</span> : null}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
