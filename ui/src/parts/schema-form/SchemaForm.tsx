import type { IChangeEvent } from '@rjsf/core';
// The package's index also loads its test registry, which needs a validator that generates code.
import withTheme from '@rjsf/core/lib/withTheme.js';
import type { RJSFSchema, RJSFValidationError } from '@rjsf/utils';
import type { ReactNode } from 'react';

import { useWords, type Words } from '../../words/words';
import { ROOT, templates } from './templates';
import { validator } from './validator';
import { widgets } from './widgets';

type Values = Record<string, unknown>;

interface Props {
  readonly schema: RJSFSchema;
  readonly values: Values;
  readonly onChange: (values: Values) => void;
  readonly onSubmit: (values: Values) => void;
  /** The button that sends the form. */
  readonly children: ReactNode;
}

const ThemedForm = withTheme({ widgets, templates });

const PROBLEMS: Readonly<Record<string, string>> = {
  required: 'problem-required', enum: 'problem-enum', const: 'problem-enum', minimum: 'problem-minimum', exclusiveMinimum: 'problem-above',
  maximum: 'problem-maximum', exclusiveMaximum: 'problem-below', minLength: 'problem-short', maxLength: 'problem-long', minItems: 'problem-few', maxItems: 'problem-many', format: 'problem-form',
};

function inWords(words: Words, errors: RJSFValidationError[]): RJSFValidationError[] {
  return errors.map((error) => ({ ...error, message: words.say(PROBLEMS[error.name ?? ''] ?? 'problem-other', error.params as { limit: number | string }) }));
}

/** A form made from a JSON schema. */
export function SchemaForm({ schema, values, onChange, onSubmit, children }: Props) {
  const words = useWords();
  return (
    <ThemedForm
      className="schema-form"
      idPrefix={ROOT}
      schema={schema}
      formData={values}
      validator={validator}
      transformErrors={(errors) => inWords(words, errors)}
      uiSchema={{ 'ui:title': '', 'ui:description': '', 'ui:options': { label: false } }}
      showErrorList={false}
      noHtml5Validate
      experimental_defaultFormStateBehavior={{ emptyObjectFields: 'skipEmptyDefaults', arrayMinItems: { populate: 'requiredOnly' } }}
      onChange={(event: IChangeEvent) => { onChange((event.formData ?? {}) as Values); }}
      onSubmit={(event: IChangeEvent) => { onSubmit((event.formData ?? {}) as Values); }}
      onError={() => undefined}
      focusOnFirstError
    >
      {children}
    </ThemedForm>
  );
}
