import { Button } from '../parts/Button';
import { ErrorNotice } from '../parts/ErrorNotice';
import { useAsk } from '../state/hooks';
import { soon } from '../words/time';
import { useWords } from '../words/words';

/** Reminders of lost sign-ins, as the banner has them: what is said of them, the button that puts them off, and what went wrong with either. */
export function useReminders(snoozedUntil: number | null) {
  const words = useWords();
  const [snooze, wake] = [useAsk('snoozeReminders'), useAsk('wakeReminders')];
  const error = snooze.error ?? wake.error;
  const failed = error ? <ErrorNotice error={error} /> : null;
  if (snoozedUntil === null) {
    const later = <Button look="quiet" isDisabled={snooze.busy} onPress={() => { void snooze.ask(null); }}>{words.say('needs-snooze')}</Button>;
    return { failed, later, off: null };
  }
  const off = (
    <p className="reminders-off">
      {words.say('needs-snoozed', { until: soon(snoozedUntil) })}
      <Button className="btn-small" aria-label={words.say('needs-wake-label')} isDisabled={wake.busy} onPress={() => { void wake.ask(null); }}>{words.say('needs-wake')}</Button>
    </p>
  );
  return { failed, later: null, off };
}
