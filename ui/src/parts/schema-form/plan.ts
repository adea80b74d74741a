/** Decides whether a tool's schema can be a form. Pure, and safe against what a hostile server sends. */
import type { RJSFSchema } from '@rjsf/utils';

const DEEPEST = 8;
const MOST_PARTS = 400;
const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

export type Plan =
  | { readonly kind: 'form'; readonly schema: RJSFSchema; readonly fields: number }
  /** Nothing a form could show truthfully: the arguments are written as JSON. */
  | { readonly kind: 'json' };

type Schema = Readonly<Record<string, unknown>>;

export function planOf(schema: Schema): Plan {
  const count = { parts: 0 };
  if (schema['type'] !== 'object' || !fits(schema, schema, 0, count)) return { kind: 'json' };
  const fields = isSchema(schema['properties']) ? Object.keys(schema['properties']).length : 0;
  const open = isSchema(schema['additionalProperties']);
  return { kind: 'form', schema: shown(schema) as RJSFSchema, fields: fields + (open ? 1 : 0) };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every part has a type a form knows; references stay inside the document and do not go in circles (by depth). */
function fits(schema: unknown, root: Schema, depth: number, count: { parts: number }): boolean {
  count.parts += 1;
  if (!isSchema(schema) || depth > DEEPEST || count.parts > MOST_PARTS) return false;
  const reference = schema['$ref'];
  if (reference !== undefined) return fits(target(reference, root), root, depth + 1, count);
  if ('patternProperties' in schema || '$dynamicRef' in schema || 'prefixItems' in schema || 'not' in schema || 'if' in schema) return false;
  const branches = [schema['anyOf'], schema['oneOf'], schema['allOf']].filter(Array.isArray).flat() as unknown[];
  if (!branches.every((branch) => fits(withType(branch, schema), root, depth + 1, count))) return false;
  return (branches.length > 0 || hasType(schema)) && childrenOf(schema).every((child) => fits(child, root, depth + 1, count));
}

/** A branch may leave the type to the schema around it. */
function withType(branch: unknown, around: Schema): unknown {
  return isSchema(branch) && !('type' in branch) && 'type' in around ? { ...branch, type: around['type'] } : branch;
}

function hasType(schema: Schema): boolean {
  if ('const' in schema) return true;
  if (Array.isArray(schema['enum'])) return schema['enum'].every((one) => typeof one !== 'object' || one === null);
  const type = schema['type'];
  if (Array.isArray(type)) return type.length === 2 && type.includes('null') && type.every((one) => TYPES.includes(String(one)));
  if (type === 'array') return isSchema(schema['items']);
  return typeof type === 'string' && TYPES.includes(type);
}

function childrenOf(schema: Schema): readonly unknown[] {
  const properties = isSchema(schema['properties']) ? Object.values(schema['properties']) : [];
  const others = [schema['items'], schema['additionalProperties']].filter((child) => child !== undefined && typeof child !== 'boolean');
  return [...properties, ...others];
}

/** What a reference inside the document points at; one that leaves the document points at nothing. */
function target(reference: unknown, root: Schema): unknown {
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return undefined;
  const steps = reference.slice(2).split('/').map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce<unknown>((found, part) => (isSchema(found) && Object.hasOwn(found, part) ? found[part] : undefined), root);
}

/** Regular expressions of strangers can freeze the window, so they are left for the server to check. */
const LEFT_TO_THE_SERVER = new Set(['pattern', '$id', '$schema']);

/** A copy without what the window must not run or resolve. Property names are kept whatever they are. */
export function shown(value: unknown, names = false): unknown {
  if (Array.isArray(value)) return value.map((one) => shown(one));
  if (!isSchema(value)) return value;
  const kept = Object.entries(value).filter(([key]) => names || !LEFT_TO_THE_SERVER.has(key));
  return Object.fromEntries(kept.map(([key, part]) => [key, shown(part, !names && (key === 'properties' || key === '$defs' || key === 'definitions'))]));
}
