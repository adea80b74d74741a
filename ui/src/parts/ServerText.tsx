import { pieces } from '../words/visible';

interface Props {
  readonly text: string;
  /** Keeps line breaks and tabs. */
  readonly lines?: boolean;
  readonly className?: string;
}

/** Text that a server wrote: never markup, nothing hidden in it, its direction kept to itself (S52). */
export function ServerText({ text, lines = false, className }: Props) {
  const classes = [lines ? 'server-text lines' : 'server-text', className ?? ''].join(' ').trim();
  return (
    <bdi className={classes}>
      {pieces(text, lines).map((piece, at) => (piece.hidden ? <span key={at} className="hidden-character">{piece.text}</span> : piece.text))}
    </bdi>
  );
}
