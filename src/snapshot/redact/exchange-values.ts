import type { TypeDescription } from '../../postgres/value-types.js';
import { formatArrayLiteral, parseArrayLiteral } from '../../sql/array-literal.js';
import { RANKED_FORMS } from './ranked-stand-ins.js';
import { SCALED_FORMS } from './scaled-forms.js';

/** Where values stand: a column, an expression. */
export interface ValuePlace {
  /** Columns whose values are compared with each other have the same. */
  readonly group: string;
  readonly type: TypeDescription;
  readonly collation: string | null;
  /** Characters that a value may have, or null. */
  readonly lengthMax: number | null;
  /** Constants of the table's own definitions. */
  readonly constants: ReadonlySet<string>;
}

/** How a value is compared: types of one family may be equal to each other. */
export type Family = 'text' | 'citext' | 'whole' | string;

/** A value without arrays and ranges around it. */
export interface BareValue {
  readonly place: ValuePlace;
  readonly family: Family;
  /** The type's own name. */
  readonly base: string;
  readonly text: string;
  /** `bound`: it is one of a list in order. */
  readonly use: ValueUse;
}

export type ValueUse = 'point' | 'bound';

/** Gives a value's stand-in, or null where there is none. */
export type Exchange = (value: BareValue) => string | null;

const TEXTS: ReadonlySet<string> = new Set(['text', 'character varying', 'bpchar', 'character', 'name']);
const WHOLES: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint', 'oid']);

/** Gives the family of a type; null for a type that has no stand-ins. */
function familyOf(base: string): Family | null {
  if (TEXTS.has(base)) return base === 'name' ? 'name' : 'text';
  if (/(^|\.)citext$/.test(base)) return base;
  if (WHOLES.has(base)) return 'whole';
  return Object.hasOwn(SCALED_FORMS, base) || Object.hasOwn(RANKED_FORMS, base) ? base : null;
}

/** Labels of enums are schema, and of true and false there are no others. */
function isOpen({ base, kind }: Pick<TypeDescription, 'base' | 'kind'>): boolean {
  return kind === 'enum' || base === 'boolean';
}

/** Gives an array literal of values of a place with each exchanged; null where one has no stand-in. */
export function exchangeList(
  literal: string,
  { place, use }: { readonly place: ValuePlace; readonly use: ValueUse },
  exchange: Exchange,
): string | null {
  const values = elementsOf(literal);
  const exchanged = values?.map((value) => (value === null ? null : exchangeValue(value, { place, use }, exchange)));
  if (values === null || exchanged === undefined) return null;
  const isWhole = exchanged.every((value, index) => value !== null || values[index] === null);
  return isWhole ? formatArrayLiteral(exchanged) : null;
}

/** Gives a value of a place exchanged, or null. */
export function exchangeValue(
  text: string,
  { place, use }: { readonly place: ValuePlace; readonly use: ValueUse },
  exchange: Exchange,
): string | null {
  const { type } = place;
  if (isOpen(type)) return text;
  if (type.kind === 'array' && type.element !== null) {
    const ofElements = { ...place, type: { ...type.element, element: null } };
    return exchangeList(text, { place: ofElements, use }, exchange);
  }
  if (type.kind === 'range' && type.element !== null) {
    const ofBounds = { ...place, type: { ...type.element, element: null } };
    return exchangeRange(text, (bound) => exchangeValue(bound, { place: ofBounds, use }, exchange));
  }
  const family = type.kind === 'base' ? familyOf(type.base) : null;
  return family === null ? null : exchange({ place, family, base: type.base, text, use });
}

function elementsOf(literal: string): readonly (string | null)[] | null {
  try {
    return parseArrayLiteral(literal);
  } catch {
    // An array of several dimensions: it has no stand-in.
    return null;
  }
}

const RANGE = /^([[(])("(?:[^"]|"")*"|[^",]*),("(?:[^"]|"")*"|[^",]*)([\])])$/;

function exchangeRange(text: string, exchange: (bound: string) => string | null): string | null {
  if (text === 'empty') return text;
  const [, open, lower, upper, close] = RANGE.exec(text) ?? [];
  if (lower === undefined || upper === undefined) return null;
  const bounds = [lower, upper].map((bound) => (bound === '' ? '' : quotedOrNull(exchange(unquoted(bound)))));
  return bounds.includes(null) ? null : `${open}${bounds.join(',')}${close}`;
}

function unquoted(bound: string): string {
  return bound.startsWith('"') ? bound.slice(1, -1).replaceAll('""', '"') : bound;
}

function quotedOrNull(bound: string | null): string | null {
  return bound === null ? null : `"${bound.replaceAll('"', '""')}"`;
}
