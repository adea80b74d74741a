import { useEffect, useRef, useState, type ReactNode } from 'react';

import type { VaultView } from '../../../contract/VaultView';
import { Button } from '../../parts/Button';
import { Notice } from '../../parts/Notice';
import { vaultSentence } from '../../words/vault';
import { useWords } from '../../words/words';
import { AutoLock } from './AutoLock';
import { ChangePassphrase } from './ChangePassphrase';
import { LockNow } from './LockNow';
import { MakeKeys } from './MakeKeys';
import { SettingRow } from './SettingRow';
import { UseKeychain } from './UseKeychain';
import { UsePassphrase } from './UsePassphrase';

interface Props {
  readonly vault: VaultView;
  /** The tools that are running, in words. */
  readonly running: readonly string[];
}

type Deed = 'rotate' | 'passphrase' | 'keychain' | 'change';

/** Where the key to everything secret is kept, and what can be done about it. */
export function Keys({ vault, running }: Props) {
  const words = useWords();
  const [doing, setDoing] = useState<Deed | null>(null);
  const [done, setDone] = useState<Deed | null>(null);
  const section = useRef<HTMLElement>(null);
  // The button that was pressed may have gone with what it changed.
  useEffect(() => { if (done) section.current?.focus(); }, [done]);
  const begin = (deed: Deed) => {
    setDone(null);
    setDoing(deed);
  };
  const button = (deed: Deed, label: string) => <Button className="btn-small" onPress={() => { begin(deed); }}>{words.say(label)}</Button>;
  const ends = { onDone: () => { setDoing(null); setDone(doing); }, onClose: () => { setDoing(null); } };
  const sheets: Readonly<Record<Deed, ReactNode>> = {
    rotate: vault.kind === 'open' ? <MakeKeys keeper={vault.keeper} {...ends} /> : null,
    passphrase: <UsePassphrase {...ends} />,
    keychain: <UseKeychain {...ends} />,
    change: <ChangePassphrase {...ends} />,
  };
  return (
    <section ref={section} tabIndex={-1} className="settings-section" aria-labelledby="keys-title">
      <h2 id="keys-title">{words.say('keys-title')}</h2>
      <p className="soft">{vault.kind === 'open' ? words.say(vaultSentence(vault)) : words.say(vault.kind === 'passphraseNeeded' ? 'keys-locked-passphrase' : 'keys-locked')} {words.say('keys-everything')}</p>
      <div className="settings-done" role="status">{done && vault.kind === 'open' ? <Notice tone="good" title={words.say(`keys-${done}-done`)} /> : null}</div>
      {vault.kind === 'open' ? (
        <div className="settings-rows">
          {vault.keeper !== 'passphrase' ? <SettingRow title={words.say('keys-passphrase')} hint={words.say('keys-passphrase-hint')}>{button('passphrase', 'keys-passphrase-begin')}</SettingRow> : (
            <>
              <LockNow running={running} onLock={() => { setDone(null); }} />
              <AutoLock lockAfter={vault.lockAfter} />
              <SettingRow title={words.say('keys-change')} hint={words.say('keys-change-hint')}>{button('change', 'keys-change-begin')}</SettingRow>
              <SettingRow title={words.say('keys-keychain')} hint={words.say('keys-keychain-hint')}>{button('keychain', 'keys-keychain-begin')}</SettingRow>
            </>
          )}
          <SettingRow title={words.say('keys-rotate')} hint={words.say('keys-rotate-hint')}>{button('rotate', 'keys-rotate-begin')}</SettingRow>
        </div>
      ) : null}
      {doing ? sheets[doing] : null}
    </section>
  );
}
