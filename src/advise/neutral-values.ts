import type { Catalog } from '../model/catalog.js';
import { quoteIdentifier } from '../sql/quote.js';

/** Gives some value of a type for a parameter that is compared with nothing known; undefined for an unknown type. */
export function neutralValue(type: string, catalog: Catalog, set: number): unknown {
  if (type === 'boolean') return set !== 1;
  if (type.endsWith('[]')) return [];
  // The reading's own time: a clock would make every run a different one.
  if (/^(date|timestamp)/.test(type)) return catalog.readAt;
  return NEUTRAL[type] ?? enumLabel(type, catalog);
}

/** Whether a column's value can be cast to a parameter's type, which the statement may have chosen itself. */
export function fitsType(value: string, type: string): boolean {
  const pattern = Object.entries(PATTERNS).find(([types]) => types.split('|').includes(type))?.[1];
  return pattern?.test(value) ?? true;
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
  interval: '1 day',
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
