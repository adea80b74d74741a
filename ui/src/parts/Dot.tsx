import type { Mark } from '../words/sentences';

/** For scanning only; the words beside it carry the meaning. Shapes differ, not only colours. */
export function Dot({ mark }: { readonly mark: Mark }) {
  return <i className={`dot dot-${mark}`} aria-hidden="true" />;
}
