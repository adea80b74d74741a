import { useWords } from '../../words/words';
import { ServerText } from '../ServerText';

const LONGEST = 200_000;

/** JSON, laid out for reading. */
export function JsonText({ value }: { readonly value: unknown }) {
  return <LongText text={JSON.stringify(value, null, 2)} />;
}

/** Text of a server in a box that scrolls; what is far too long is shortened for display only. */
export function LongText({ text }: { readonly text: string }) {
  const words = useWords();
  const long = text.length > LONGEST;
  return (
    <>
      <pre className="code" tabIndex={0}><ServerText text={long ? text.slice(0, LONGEST) : text} lines /></pre>
      {long ? <p className="hint">{words.say('result-shortened')}</p> : null}
    </>
  );
}
