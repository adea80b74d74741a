import { useState } from 'react';

import { Button } from '../../parts/Button';
import { Confirm } from '../../parts/Confirm';
import { ErrorNotice } from '../../parts/ErrorNotice';
import { useAsk } from '../../state/hooks';
import { useWords } from '../../words/words';
import { SettingRow } from './SettingRow';

interface Props {
  /** What is running, in words: locking ends it. */
  readonly running: readonly string[];
  readonly onLock: () => void;
}

/** Locks at once; asks first where that ends a tool's call. */
export function LockNow({ running, onLock }: Props) {
  const words = useWords();
  const lock = useAsk('lockVault');
  const [asking, setAsking] = useState(false);
  const go = () => {
    setAsking(false);
    onLock();
    void lock.ask(null);
  };
  return (
    <>
      <SettingRow title={words.say('keys-lock')} hint={words.say('keys-lock-hint')}>
        <Button className="btn-small" isDisabled={lock.busy} onPress={() => { if (running.length > 0) setAsking(true); else go(); }}>{words.say('keys-lock-begin')}</Button>
      </SettingRow>
      {lock.error ? <ErrorNotice error={lock.error} /> : null}
      <Confirm
        title={words.say('keys-lock-running-title')}
        body={words.say('keys-lock-running-body', { count: running.length, tools: running.join(', ') })}
        yes={words.say('keys-lock-running-confirm')}
        no={words.say('keys-lock-running-cancel')}
        isOpen={asking}
        onYes={go}
        onNo={() => { setAsking(false); }}
      />
    </>
  );
}
