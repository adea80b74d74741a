import { useState } from 'react';

import type { ExportView } from '../../../contract/ExportView';
import { Button } from '../../parts/Button';
import { Check } from '../../parts/Check';
import { CopyButton } from '../../parts/CopyButton';
import { ServerText } from '../../parts/ServerText';
import { Sheet } from '../../parts/Sheet';
import { useAsk } from '../../state/hooks';
import { useWords } from '../../words/words';
import { DeedSheet } from './DeedSheet';
import { NewPassphrase, usePassphraseDraft } from './NewPassphrase';

interface Props {
  readonly hasAccounts: boolean;
  /** Where the file is put. */
  readonly folder: string;
  readonly onClose: () => void;
}

/** Makes the file: with the accounts, which then rest here, or without. */
export function Export({ hasAccounts, folder, onClose }: Props) {
  const words = useWords();
  const make = useAsk('exportServers');
  const [accounts, setAccounts] = useState(false);
  const [made, setMade] = useState<ExportView | null>(null);
  const passphrase = usePassphraseDraft();
  const send = async () => {
    if (passphrase.good === null) return;
    const done = await make.ask({ passphrase: passphrase.good, accounts });
    if (!done) return;
    passphrase.forget();
    setMade(done.answer);
  };
  if (made) return <Made made={made} onClose={onClose} />;
  return (
    <DeedSheet title={words.say('export-title')} says={words.say('export-says', { folder })} send={words.say(make.busy ? 'export-busy' : 'export-send')} isReady={passphrase.good !== null} busy={make.busy} error={make.error} onSend={() => { void send(); }} onClose={onClose}>
      {hasAccounts ? (
        <>
          <Check isSelected={accounts} onChange={setAccounts}>{words.say('export-accounts')}</Check>
          {accounts ? <p className="deed-warning">{words.say('export-accounts-move')}</p> : <p className="hint deed-hint">{words.say('export-accounts-stay')}</p>}
        </>
      ) : null}
      <NewPassphrase draft={passphrase} label={words.say('export-passphrase')} hint={words.say('export-passphrase-hint')} />
    </DeedSheet>
  );
}

function Made({ made, onClose }: { readonly made: ExportView; readonly onClose: () => void }) {
  const words = useWords();
  return (
    <Sheet title={words.say('export-made')} isOpen onClose={onClose}>
      <div role="status">
        <p>{words.say('export-made-servers', { count: made.servers })} {made.accounts > 0 ? words.say('export-made-accounts', { count: made.accounts }) : ''}</p>
        <p className="code-line deed-path"><ServerText text={made.path} /><CopyButton text={() => made.path} /></p>
        <p className="soft">{words.say('export-made-next')}</p>
        {made.accounts > 0 ? <p className="soft">{words.say('export-made-rest')}</p> : null}
        {made.staying > 0 ? <p className="soft">{words.say('export-made-staying', { count: made.staying })}</p> : null}
      </div>
      <div className="sheet-actions"><Button autoFocus look="primary" onPress={onClose}>{words.say('export-made-seen')}</Button></div>
    </Sheet>
  );
}
