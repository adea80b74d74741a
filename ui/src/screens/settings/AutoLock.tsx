import { Choice } from '../../parts/Choice';
import { ErrorNotice } from '../../parts/ErrorNotice';
import { useAsk } from '../../state/hooks';
import { duration } from '../../words/time';
import { useWords, type Words } from '../../words/words';
import { SettingRow } from './SettingRow';

/** Minutes after which it can lock by itself. */
const OFFERED: readonly (number | null)[] = [null, 15, 60, 480];

/** After how long without the person a vault under a passphrase locks by itself. */
export function AutoLock({ lockAfter }: { readonly lockAfter: number | null }) {
  const words = useWords();
  const set = useAsk('setAutoLock');
  const offered = OFFERED.includes(lockAfter) ? OFFERED : [...OFFERED, lockAfter].sort((a, b) => (a ?? 0) - (b ?? 0));
  return (
    <>
      <SettingRow title={words.say('keys-auto-lock')} hint={words.say('keys-auto-lock-hint')}>
        <Choice
          label={words.say('keys-auto-lock')}
          hideLabel
          value={String(lockAfter)}
          isDisabled={set.busy}
          options={offered.map((minutes) => ({ id: String(minutes), label: after(words, minutes) }))}
          onChange={(id) => { void set.ask({ minutes: id === 'null' ? null : Number(id) }); }}
        />
      </SettingRow>
      {set.error ? <ErrorNotice error={set.error} /> : null}
    </>
  );
}

function after(words: Words, minutes: number | null): string {
  if (minutes === null) return words.say('keys-auto-lock-never');
  if (minutes % 60 !== 0) return words.say('keys-auto-lock-after', { when: duration(words, minutes * 60) });
  return words.say('keys-auto-lock-hours', { hours: minutes / 60 });
}
