import type { OutcomeView } from '../../contract/OutcomeView';
import { Button } from '../parts/Button';
import { useAsk } from '../state/hooks';

interface Props {
  readonly id: string;
  readonly changed: Extract<OutcomeView, { kind: 'issuerChanged' }>;
  readonly label: string;
  readonly onAgreed: () => void;
}

/** Agrees to exactly the issuer, or the host of its tokens, that the sign-in stopped at, then signs in there. */
export function AgreeIssuer({ id, changed, label, onAgreed }: Props) {
  const agree = useAsk('agreeIssuer');
  const press = async () => {
    const tokenHost = changed.from === changed.to ? changed.toHost : null;
    if (await agree.ask({ id, issuer: changed.to, tokenHost })) onAgreed();
  };
  return <Button isDisabled={agree.busy} onPress={() => { void press(); }}>{label}</Button>;
}
