import { ServerText } from './ServerText';

/** Scopes, as the provider spells them. */
export function Scopes({ scopes }: { readonly scopes: readonly string[] }) {
  return (
    <ul className="chips">
      {scopes.map((scope) => <li key={scope} className="chip"><ServerText text={scope} /></li>)}
    </ul>
  );
}
