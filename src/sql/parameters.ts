import type { Node } from '@pgsql/types';
import { type ArrayElement, formatArrayLiteral } from './array-literal.js';
import { quoteLiteral } from './quote.js';
import { scanTokens, type Token } from './tokens.js';
import { visit } from './walk.js';

/** Gives the highest `$n` of a text, 0 where there is none; what stands in constants and comments does not count. */
export function parameterCount(text: string): number {
  if (!text.includes('$')) return 0;
  return Math.max(0, ...scanTokens(text).filter(isParameter).map(numberOf));
}

/**
 * Gives the text with each `$n` replaced by a constant of its type: `'5'::integer`, `NULL::uuid`. Types are
 * `regtype` texts in the order of `$n`; an absent one leaves the constant without a type. An Error where a value
 * is absent.
 */
export function bindParameters(text: string, types: readonly string[], values: readonly unknown[]): string {
  const tokens = scanTokens(text);
  let bound = '';
  let end = 0;
  for (const [index, token] of tokens.entries()) {
    if (!isParameter(token)) continue;
    const position = numberOf(token) - 1;
    const value = values[position];
    if (value === undefined) throw new Error(`there is no value for ${token.text}`);
    const constant = typedLiteral(value, types[position] ?? null);
    // A subscript or a field would be taken for a part of the type.
    const selects = /^[[.]/.test(tokens[index + 1]?.text ?? '');
    bound += text.slice(end, token.start) + (selects ? `(${constant})` : constant);
    end = token.end;
  }
  return bound + text.slice(end);
}

/** Gives a value as a constant of a type, as node-postgres would send it; without a type where that is null. */
function typedLiteral(value: unknown, type: string | null): string {
  const constant = value === null ? 'NULL' : quoteLiteral(textOf(value, type));
  return type === null ? constant : `${constant}::${withoutImpliedLength(type)}`;
}

function isParameter(token: Token): boolean {
  return token.kind === 'parameter';
}

function numberOf(token: Token): number {
  return Number(token.text.slice(1));
}

function textOf(value: unknown, type: string | null): string {
  if (Array.isArray(value) && !isJson(type))
    return formatArrayLiteral(value.map((element) => elementOf(element, type)));
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function elementOf(value: unknown, type: string | null): ArrayElement {
  if (value === null || value === undefined) return null;
  return Array.isArray(value) ? value.map((element) => elementOf(element, type)) : textOf(value, null);
}

function isJson(type: string | null): boolean {
  return type === 'json' || type === 'jsonb';
}

/** `character` and `bit` without a length mean a length of one in a cast, but no length where the server prints them. */
export function withoutImpliedLength(type: string): string {
  return type.replace(/^(character|bit)(?=(\[\])*$)/, (name) => `pg_catalog.${name === 'bit' ? '"bit"' : 'bpchar'}`);
}

/** Tells whether a parameter stands in an expression, of those that are asked for. */
export function namesParameter(
  expression: Node | readonly Node[] | undefined,
  isAsked: (number: number) => boolean = () => true,
): boolean {
  let found = false;
  visit(expression, (kind, body) => {
    found ||= kind === 'ParamRef' && isAsked(Number(body['number']));
    return !found;
  });
  return found;
}
