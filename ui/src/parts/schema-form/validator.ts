/** Validation for the form without generated code: the policy forbids eval. */
import { Validator, type OutputUnit, type Schema } from '@cfworker/json-schema';
import type { ErrorSchema, RJSFSchema, RJSFValidationError, ValidationData, ValidatorType } from '@rjsf/utils';
import { toErrorSchema } from '@rjsf/utils';

type Data = unknown;

/** Keywords that only pass on what a part of the schema said. */
const CARRIERS = new Set(['properties', 'items', 'allOf', '$ref', 'additionalProperties', 'if', 'dependentSchemas']);

function check(schema: RJSFSchema, data: Data): readonly OutputUnit[] {
  const result = new Validator(schema as Schema, '2020-12', false).validate(data);
  return result.valid ? [] : result.errors;
}

/** `#/a/0/b` as the steps rjsf counts in. */
function stepsOf(location: string): readonly string[] {
  return location.split('/').slice(1).map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What is counted, with its own words for one. */
const COUNTS = new Set(['minLength', 'maxLength', 'minItems', 'maxItems']);

/** The limit that was passed: the validator ends its sentence with it. A number that is no count stays as it was written. */
function limitOf({ keyword, error }: OutputUnit): number | string {
  const written = /(-?[\d.]+(?:e[+-]?\d+)?)\)?\.$/i.exec(error)?.[1] ?? '';
  return COUNTS.has(keyword) ? Number(written) : written;
}

function propertyOf(steps: readonly string[]): string {
  return steps.map((step) => `.${step}`).join('');
}

/** A missing property is reported at its owner; people look for it at its own field. */
function problem(unit: OutputUnit): RJSFValidationError {
  const missing = unit.keyword === 'required' ? /"([^"]*)"/.exec(unit.error)?.[1] : undefined;
  const steps = [...stepsOf(unit.instanceLocation), ...(missing === undefined ? [] : [missing])];
  return { name: unit.keyword, message: unit.keyword, params: { limit: limitOf(unit) }, property: propertyOf(steps), stack: steps.join(' › ') };
}

export function problemsOf(schema: RJSFSchema, data: Data): RJSFValidationError[] {
  return check(schema, data).filter((unit) => !CARRIERS.has(unit.keyword)).map(problem);
}

export const validator: ValidatorType = {
  validateFormData(data: Data, schema: RJSFSchema, _customValidate, transformErrors, uiSchema): ValidationData<Data> {
    const problems = problemsOf(schema, data ?? {});
    const errors = transformErrors ? transformErrors(problems, uiSchema) : problems;
    return { errors, errorSchema: toErrorSchema(errors) as ErrorSchema<Data> };
  },
  isValid(schema: RJSFSchema, data: Data, root: RJSFSchema): boolean {
    try {
      return check({ ...root['$defs'] ? { $defs: root['$defs'] } : {}, ...root.definitions ? { definitions: root.definitions } : {}, ...schema }, data).length === 0;
    } catch {
      return false;
    }
  },
  rawValidation<Result>(schema: RJSFSchema, data?: Data): { errors?: Result[] } {
    return { errors: problemsOf(schema, data) as Result[] };
  },
};
