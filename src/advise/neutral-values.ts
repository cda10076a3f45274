import type { Catalog } from '../model/catalog.js';
import { quoteIdentifier } from '../sql/quote.js';

/** Which of the values that could be are taken. */
export interface Choice {
  /** The most common value (0), one from the middle of the histogram (1), or a rare one (2). */
  readonly equality: number;
  /** From a wide range (0) to a narrow one (3). */
  readonly range: number;
}

/** Gives some value of a type for a parameter that is compared with nothing known; undefined for an unknown type. */
export function neutralValue(type: string, catalog: Catalog, choice: Choice): unknown {
  if (type === 'boolean') return choice.equality !== 1;
  if (type === 'interval') return INTERVALS[choice.range];
  if (type.endsWith('[]')) return arrayOf(neutralValue(type.slice(0, -2), catalog, choice));
  // The reading's own time: a clock would make every run a different one.
  if (/^(date|timestamp)/.test(type)) return catalog.readAt;
  return NEUTRAL[type] ?? enumLabel(type, catalog);
}

/** Whether a column's value can be cast to a parameter's type, which the statement may have chosen itself. */
export function fitsType(value: string, type: string): boolean {
  const pattern = Object.entries(PATTERNS).find(([types]) => types.split('|').includes(type))?.[1];
  return pattern?.test(value) ?? true;
}

/** What applications look back: a report's, a day's, a session's and a poll's time. */
const INTERVALS: readonly string[] = ['30 days', '1 day', '1 hour', '1 minute'];

/** Not empty, or the planner would know that nothing fits. */
function arrayOf(value: unknown): readonly unknown[] | undefined {
  return value === undefined ? undefined : [value];
}

const NEUTRAL: Readonly<Record<string, string>> = {
  smallint: '1',
  integer: '1',
  bigint: '1',
  numeric: '1',
  real: '1',
  'double precision': '1',
  money: '1',
  oid: '1',
  text: 'x',
  'character varying': 'x',
  character: 'x',
  name: 'x',
  '"char"': 'x',
  citext: 'x',
  uuid: '00000000-0000-4000-8000-000000000000',
  'time without time zone': '12:00',
  'time with time zone': '12:00+00',
  json: '{}',
  jsonb: '{}',
  bytea: '\\x00',
  inet: '127.0.0.1',
  cidr: '127.0.0.0/8',
  bit: '0',
  'bit varying': '0',
  regclass: 'pg_class',
  xml: '<x/>',
  tsvector: 'x',
  tsquery: 'x',
};

const NUMBER = /^-?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;

const PATTERNS: Readonly<Record<string, RegExp>> = {
  'smallint|integer|bigint|oid': /^-?\d+$/,
  'numeric|real|double precision|money': NUMBER,
  boolean: /^[tf]/,
  uuid: /^[0-9a-f-]{36}$/,
  'date|timestamp without time zone|timestamp with time zone': /^\d{4}-\d\d-\d\d/,
  interval: /\d/,
  'json|jsonb': /^[{["\d]/,
};

/** The server prints the name of a type outside the search path with its schema. */
function enumLabel(type: string, catalog: Catalog): string | undefined {
  const found = catalog.enums.find(({ schema, name }) => {
    const unqualified = quoteIdentifier(name);
    return type === unqualified || type === `${quoteIdentifier(schema)}.${unqualified}`;
  });
  return found?.labels[0]?.label;
}
