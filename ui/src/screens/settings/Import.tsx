import { useState } from 'react';

import type { ExportContentsView } from '../../../contract/ExportContentsView';
import type { ImportView } from '../../../contract/ImportView';
import { useAsk } from '../../state/hooks';
import { useWords } from '../../words/words';
import { DeedSheet } from './DeedSheet';
import { FileInput, type Chosen } from './FileInput';
import { ImportList } from './ImportList';
import { PassphraseInput } from './PassphraseInput';
import { Taken } from './Taken';

/** Takes a file in: it is chosen and opened, what is in it is shown, and only then is it taken. */
export function Import({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const read = useAsk('readExport');
  const take = useAsk('importServers');
  const [file, setFile] = useState<Chosen | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [found, setFound] = useState<ExportContentsView | null>(null);
  const [result, setResult] = useState<ImportView | null>(null);
  const wrong = read.error?.code === 'exportLocked';
  // What was typed is kept where the file was at fault.
  const [wasWrong, setWasWrong] = useState(false);
  if (wrong !== wasWrong) {
    setWasWrong(wrong);
    if (wrong) setPassphrase('');
  }
  const look = async () => {
    const done = file ? await read.ask({ text: file.text, passphrase }) : undefined;
    if (done) setFound(done.answer);
  };
  const choose = (chosen: Chosen | null) => {
    read.clear();
    setFile(chosen);
  };
  const send = async () => {
    const done = file ? await take.ask({ text: file.text, passphrase }) : undefined;
    if (!done) return;
    setPassphrase('');
    setFile(null);
    setResult(done.answer);
  };
  if (result) return <Taken result={result} isSecret={found?.servers.some((server) => server.accounts > 0 || server.secret) ?? false} onClose={onClose} />;
  if (found) {
    return (
      <DeedSheet key="found" title={words.say('import-found')} says={words.say('import-found-says')} send={words.say(take.busy ? 'import-busy' : 'import-send')} isReady={found.servers.length > 0} busy={take.busy} error={take.error} onSend={() => { void send(); }} onClose={onClose}>
        <ImportList found={found} />
      </DeedSheet>
    );
  }
  return (
    <DeedSheet key="choose" title={words.say('import-title')} says={words.say('import-says')} send={words.say(read.busy ? 'import-look-busy' : 'import-look')} isReady={file !== null && passphrase !== ''} busy={read.busy} error={wrong ? null : read.error} onSend={() => { void look(); }} onClose={onClose}>
      <FileInput label={words.say('import-file')} chosen={file} refused={read.error !== null && !wrong} onChoose={choose} />
      <PassphraseInput label={words.say('import-passphrase')} hint={words.say('import-passphrase-hint')} value={passphrase} onChange={setPassphrase} wrong={wrong} wrongWords={words.say('import-passphrase-wrong')} />
    </DeedSheet>
  );
}
