import type { RestorationView } from '../../contract/RestorationView';
import type { ServerView } from '../../contract/ServerView';
import { Button } from '../parts/Button';
import { CopyButton } from '../parts/CopyButton';
import { ErrorNotice } from '../parts/ErrorNotice';
import { Notice } from '../parts/Notice';
import { ServerText } from '../parts/ServerText';
import { useAsk } from '../state/hooks';
import { moment } from '../words/time';
import { useWords } from '../words/words';

interface Props {
  readonly restoration: RestorationView;
  readonly servers: readonly ServerView[];
}

/** A backup was put in place of the data file: from when it is, and what it costs. There until it was seen. */
export function Restored({ restoration, servers }: Props) {
  const words = useWords();
  const seen = useAsk('restorationSeen');
  const { kept, madeAt } = restoration;
  const asking = servers.filter((server) => server.state.kind === 'signInNeeded' && !['never', 'handedOver'].includes(server.state.reason)).map((server) => server.name);
  const done = <Button isDisabled={seen.busy} onPress={() => { void seen.ask(null); }}>{words.say('restored-seen')}</Button>;
  return (
    <>
      {seen.error ? <ErrorNotice error={seen.error} /> : null}
      <Notice tone="warn" title={words.say(kept === null ? 'restored-missing' : 'restored-damaged', { moment: moment(madeAt) })} actions={done}>
        <p>{words.say('restored-later')} {words.say('restored-sign-ins', { count: asking.length, servers: asking.join(', ') })}</p>
        {kept === null ? null : (
          <>
            <p>{words.say('restored-kept')}</p>
            <p className="code-line"><ServerText text={kept} /><CopyButton text={() => kept} /></p>
          </>
        )}
      </Notice>
    </>
  );
}
