import { useEffect, useRef, useState } from 'react';

import { Button } from '../../parts/Button';
import { useWords } from '../../words/words';
import { Export } from './Export';
import { Import } from './Import';
import { SettingRow } from './SettingRow';

interface Props {
  /** Whether there is anything to take along. */
  readonly hasServers: boolean;
  readonly hasAccounts: boolean;
  /** Whether secrets can be read now. */
  readonly isOpen: boolean;
  /** Where a file is put. */
  readonly folder: string;
}

/** Takes the servers, and if wanted the accounts, to another computer in a file. */
export function Transfer({ hasServers, hasAccounts, isOpen, folder }: Props) {
  const words = useWords();
  const [doing, setDoing] = useState<'export' | 'import' | null>(null);
  const opener = useRef<HTMLElement | null>(null);
  // One dialog has followed another, so the last one does not know where it all began.
  useEffect(() => { if (doing === null) opener.current?.focus(); }, [doing]);
  const begin = (deed: 'export' | 'import', { target }: { readonly target: Element }) => {
    opener.current = target instanceof HTMLElement ? target : null;
    setDoing(deed);
  };
  const close = () => { setDoing(null); };
  return (
    <section className="settings-section" aria-labelledby="transfer-title">
      <h2 id="transfer-title">{words.say('transfer-title')}</h2>
      <p className="soft">{words.say(isOpen ? 'transfer-hint' : 'transfer-locked')}</p>
      <div className="settings-rows">
        <SettingRow title={words.say('export-title')} hint={words.say(hasServers ? 'export-hint' : 'export-nothing')}>
          <Button className="btn-small" isDisabled={!hasServers || !isOpen} onPress={(event) => { begin('export', event); }}>{words.say('export-begin')}</Button>
        </SettingRow>
        <SettingRow title={words.say('import-title')} hint={words.say('import-hint')}>
          <Button className="btn-small" isDisabled={!isOpen} onPress={(event) => { begin('import', event); }}>{words.say('import-begin')}</Button>
        </SettingRow>
      </div>
      {doing === 'export' ? <Export hasAccounts={hasAccounts} folder={folder} onClose={close} /> : null}
      {doing === 'import' ? <Import onClose={close} /> : null}
    </section>
  );
}
