/** The words of the window, from the file that the shell speaks from too. */
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import { ReactLocalization, useLocalization } from '@fluent/react';
import { useMemo } from 'react';

import english from '../../locales/en.ftl?raw';
import { visible } from './visible';

export type Values = Readonly<Record<string, string | number>>;

export interface Words {
  /** The sentence `id`, or its attribute after a dot: `error-timedOut.next`. */
  say(id: string, values?: Values): string;
}

export function englishBundle(): FluentBundle {
  const bundle = new FluentBundle('en', { useIsolating: false });
  const faults = bundle.addResource(new FluentResource(english));
  if (faults.length > 0) throw new Error('the committed words parse', { cause: faults[0] });
  return bundle;
}

export const localization = new ReactLocalization([englishBundle()]);

/** Values may be a server's text: what they hide is made visible before it enters a sentence. */
function safe(values: Values): Record<string, FluentVariable> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? visible(value) : value]));
}

export function wordsOf(l10n: ReactLocalization): Words {
  return {
    say(id, values = {}) {
      const [message = id, attribute] = id.split('.');
      const bundle = l10n.getBundle(message);
      const found = bundle?.getMessage(message);
      const pattern = attribute ? found?.attributes[attribute] : found?.value;
      if (!bundle || !pattern) return id;
      return bundle.formatPattern(pattern, safe(values), []);
    },
  };
}

export function useWords(): Words {
  const { l10n } = useLocalization();
  return useMemo(() => wordsOf(l10n), [l10n]);
}
