import type { Node } from '@pgsql/types';
import { namesParameter, withoutImpliedLength } from '../parameters.js';
import { quoteIdentifier } from '../quote.js';
import type { TextEdit } from '../text-edits.js';
import { scanTokens, type Token } from '../tokens.js';
import { bodyOf } from '../walk.js';

/** A parameter that changes from call to call. */
export interface LoopParameter {
  /** Of `$n`. */
  readonly number: number;
  /** A `regtype` text. */
  readonly type: string;
}

/** A statement that a loop calls, to be made one for all of its calls: there each `$n` that changes is an array. */
export interface LoopText {
  readonly text: string;
  readonly parameters: readonly LoopParameter[];
  /** Parameters that are the same in all calls, where their types are known. */
  readonly fixed?: readonly LoopParameter[];
}

/** Tells whether a parameter is itself an array: many of them are given as texts, since unnest takes arrays of arrays apart. */
export function isArray({ type }: Pick<LoopParameter, 'type'>): boolean {
  return type.endsWith('[]');
}

/** Gives the type of the array that holds the values of all calls. */
export function arrayType(parameter: LoopParameter): string {
  return isArray(parameter) ? 'text[]' : `${withoutImpliedLength(parameter.type)}[]`;
}

const WANTED = 'wanted';

/** Gives a name for the rows of the arrays that the statement does not use itself. */
export function wantedName(text: string): string {
  return text.toLowerCase().includes(WANTED) ? 'pgsteward_wanted' : WANTED;
}

/** `unnest($1::integer[], $2::text[]) WITH ORDINALITY AS wanted (key_1, key_2, place)`. */
export function unnestSql({ text, parameters }: LoopText, options: { readonly ordinality: boolean }): string {
  const arrays = parameters.map((each) => `$${each.number}::${arrayType(each)}`).join(', ');
  const names = [...parameters.map(({ number }) => `key_${number}`), ...(options.ordinality ? ['place'] : [])];
  const ordinality = options.ordinality ? ' WITH ORDINALITY' : '';
  return `unnest(${arrays})${ordinality} AS ${quoteIdentifier(wantedName(text))} (${names.join(', ')})`;
}

/** Replaces each `$n` that changes by the column of the arrays' rows. */
export function wantedEdits({ text, parameters }: LoopText): readonly TextEdit[] {
  return scanTokens(text).flatMap(({ kind, start, end, text: token }) => {
    const parameter = parameters.find(({ number }) => token === `$${number}`);
    if (kind !== 'parameter' || parameter === undefined) return [];
    const column = `${wantedName(text)}.key_${parameter.number}`;
    return [{ start, end, text: isArray(parameter) ? `${column}::${withoutImpliedLength(parameter.type)}` : column }];
  });
}

/** Gives the tokens outside of brackets, comments left out. */
export function topTokens(text: string): readonly Token[] {
  let depth = 0;
  return scanTokens(text).filter(({ kind, text: token }) => {
    if (kind === 'comment') return false;
    if (token === ')' || token === ']') depth -= 1;
    const isTop = depth === 0;
    if (token === '(' || token === '[') depth += 1;
    return isTop;
  });
}

/** Gives the first token outside of brackets that is this word, or null. */
export function topWord(text: string, word: string): Token | null {
  return topTokens(text).find(({ text: token }) => token.toLowerCase() === word) ?? null;
}

/** Gives the number of a parameter that stands alone, cast or not; null for anything else. */
export function numberOf(node: Node | undefined): number | null {
  return bodyOf(bodyOf(node, 'TypeCast')?.arg ?? node, 'ParamRef')?.number ?? null;
}

/** Tells whether an expression is the same in all calls. */
export function isFixed(expression: Node, { parameters }: LoopText): boolean {
  return !namesParameter(expression, (number) => parameters.some((each) => each.number === number));
}
