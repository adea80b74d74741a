/** Questions as the core would tell of them. */
import type { QuestionView } from '../contract/QuestionView';

const choice = (value: string, title: string) => ({ const: value, title });

/** One field of each kind, filled in where a server can guess. */
export const everyKind = {
  type: 'object',
  properties: {
    size: { type: 'string', title: 'Size', oneOf: [choice('s', 'Small'), choice('m', 'Medium'), choice('l', 'Large')], default: 'm' },
    engraving: { type: 'string', title: 'Engraving', description: 'At most 20 letters.', maxLength: 20 },
    count: { type: 'integer', title: 'How many', minimum: 1, maximum: 9, default: 1 },
    weight: { type: 'number', title: 'Weight in kg', default: 0.5 },
    extras: { type: 'array', title: 'Extras', uniqueItems: true, items: { type: 'string', oneOf: [choice('box', 'A box'), choice('card', 'A card'), choice('ribbon', 'A ribbon')] }, default: ['box'] },
    delivery: { type: 'string', title: 'Delivery on', format: 'date' },
    gift: { type: 'boolean', title: 'It is a gift', default: true },
    insured: { type: 'boolean', title: 'Insured', description: 'Up to 500.' },
    fragile: { type: 'boolean', title: 'Fragile' },
  },
  required: ['size', 'count', 'fragile'],
};

export const manyFields = {
  type: 'object',
  properties: Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`f${String(at)}`, { type: 'string', title: `Field ${String(at + 1)} of a form that somebody thought should have as many fields as it may have at all`, description: at % 5 === 0 ? 'And some of them are explained at length, because their titles alone do not say what is meant by them. '.repeat(3) : undefined }])),
  required: [],
};

export const question: QuestionView = {
  id: 'q',
  tool: 'get_file_contents',
  message: 'Whom shall the copy be sent to?\nIt is sent once, and not kept.',
  schema: {
    type: 'object',
    properties: { email: { type: 'string', title: 'E-mail', format: 'email', default: 'ada@example.com' }, note: { type: 'string', title: 'Note', description: 'It stands above the copy.' } },
    required: ['email'],
  },
  more: 0,
};
