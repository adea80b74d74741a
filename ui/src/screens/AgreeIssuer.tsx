import type { OutcomeView } from '../../contract/OutcomeView';
import { Button } from '../parts/Button';
import { useAsk } from '../state/hooks';

interface Props {
  readonly id: string;
  readonly asked: Extract<OutcomeView, { kind: 'issuerChanged' | 'issuerNotAgreed' }>;
  readonly label: string;
  readonly onAgreed: () => void;
}

/** Agrees to exactly the issuer, or the host of its tokens, that the sign-in stopped at, then signs in there. */
export function AgreeIssuer({ id, asked, label, onAgreed }: Props) {
  const agree = useAsk('agreeIssuer');
  const press = async () => {
    if (await agree.ask({ id, ...agreed(asked) })) onAgreed();
  };
  return <Button isDisabled={agree.busy} onPress={() => { void press(); }}>{label}</Button>;
}

function agreed(asked: Props['asked']) {
  if (asked.kind === 'issuerNotAgreed') return { issuer: asked.issuer, tokenHost: asked.host };
  return { issuer: asked.to, tokenHost: asked.from === asked.to ? asked.toHost : null };
}
