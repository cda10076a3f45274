import type { Node } from '@pgsql/types';
import { unifyGrouping } from './grouping-parameters.js';
import { parameterCasts } from './parameter-casts.js';
import { parseStatement } from './parse.js';
import { ParseFailure } from './parse-failure.js';
import { type Positions, positionsOf } from './positions.js';
import { applyEdits, type TextEdit } from './text-edits.js';
import { scanTokens, type Token } from './tokens.js';
import { type AnyBody, visit } from './walk.js';

/** A text that the server can prepare. */
export interface PlannableText {
  readonly text: string;
  /** The number that `$1`, `$2` … bore in the source: `[1, 3]` where the source had `$1` and `$3` alone. */
  readonly origins: readonly number[];
}

/**
 * Rewrites what pg_stat_statements prints and the server refuses: constants that became `$n` where the grammar
 * wants a constant (`interval $1`, `extract($1 from x)`), whose type no longer shows (`count($1)`,
 * `= ANY (ARRAY[$1, $2])`), or that stood twice (`GROUP BY date_trunc($2, x)`). Numbers become gapless.
 * A ParseFailure where the text is not one statement.
 */
export function rewriteForPlanning(source: string): PlannableText {
  const { text, tree } = parseLeniently(source);
  if (!text.includes('$')) return { text, origins: [] };
  const positions = positionsOf(text);
  const tokens = scanTokens(text);
  const rewriter = new Rewriter(text, tokens, positions);
  rewriter.rewrite(tree);
  return rewriter.result();
}

/** The parser knows most of what pg_stat_statements prints, but no parameter for a Unicode normal form. */
function parseLeniently(source: string): { readonly text: string; readonly tree: Node } {
  const { text, tree } = parseOrNull(source) ?? parseStatement(withNormalForms(source));
  // Parsed again by itself, so that locations count from the statement's own start.
  return text === source ? { text, tree } : { text, tree: parseStatement(text).tree };
}

function parseOrNull(source: string): { readonly text: string; readonly tree: Node } | null {
  try {
    return parseStatement(source);
  } catch (error) {
    if (error instanceof ParseFailure) return null;
    throw error;
  }
}

function withNormalForms(source: string): string {
  const tokens = scanTokens(source);
  const edits = tokens.flatMap((token, index): TextEdit[] => {
    if (token.kind !== 'parameter') return [];
    const next = tokens[index + 1]?.text.toLowerCase();
    const call =
      tokens[index - 4]?.text.toLowerCase() === 'normalize' && tokens[index - 1]?.text === ',' && next === ')';
    return call || next === 'normalized' ? [{ start: token.start, end: token.end, text: 'nfc' }] : [];
  });
  return applyEdits(source, edits);
}

class Rewriter {
  private readonly edits: TextEdit[] = [];
  /** Number of each parameter by the offset of its token; what became a constant again is gone. */
  private readonly numbers = new Map<number, number>();
  private readonly indexByStart: ReadonlyMap<number, number>;
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private readonly positions: Positions;

  constructor(text: string, tokens: readonly Token[], positions: Positions) {
    this.text = text;
    this.tokens = tokens.filter((token) => token.kind !== 'comment');
    this.positions = positions;
    this.indexByStart = new Map(this.tokens.map((token, index) => [token.start, index]));
  }

  rewrite(tree: Node): void {
    for (const token of this.tokens) {
      if (token.kind === 'parameter') this.numbers.set(token.start, Number(token.text.slice(1)));
    }
    visit(tree, (kind, body) => {
      if (kind === 'SelectStmt') this.shareParameters(body);
    });
    visit(tree, (kind, body) => {
      if (kind === 'TypeCast') this.moveTypeBehind(body);
      if (kind === 'FuncCall') this.callExtract(body);
      if (kind === 'A_Expr') this.listArray(body);
    });
    for (const { location, type } of parameterCasts(tree)) {
      const token = this.tokenAt(location);
      if (token !== null && this.numbers.has(token.start)) this.castBehind(token, type);
    }
  }

  result(): PlannableText {
    const origins = [...new Set(this.numbers.values())].sort((one, other) => one - other);
    const edits = [...this.numbers].flatMap(([start, number]): TextEdit[] => {
      const end = this.endOf(start);
      const text = `$${origins.indexOf(number) + 1}`;
      return this.text.slice(start, end) === text ? [] : [{ start, end, text }];
    });
    return { text: applyEdits(this.text, [...this.edits, ...edits]), origins };
  }

  /** `interval $1 day` becomes `$1::interval day`. */
  private moveTypeBehind(body: AnyBody): void {
    const type = locationOf(body['typeName']);
    const token = this.parameterAt(body['arg']);
    if (type === null || token === null) return;
    const start = this.positions.fromBytes(type);
    // `CAST($1 AS t)` and `$1::t` have their type behind.
    if (start >= token.start) return;
    const name = this.text.slice(start, token.start).trim();
    this.edits.push({ start, end: token.start, text: '' });
    this.castBehind(token, name);
  }

  /** `extract($1 from x)` becomes a call of the function that it stands for. */
  private callExtract(body: AnyBody): void {
    if (body['funcformat'] !== 'COERCE_SQL_SYNTAX' || lastName(body['funcname']) !== 'extract') return;
    const [field] = body['args'] as readonly Node[];
    const token = this.parameterAt(field);
    const from = this.behind(token);
    if (token === null || from === null) return;
    const start = this.positions.fromBytes(locationOf(body) ?? 0);
    this.edits.push({ start, end: token.start, text: 'pg_catalog."extract"(' });
    this.castBehind(token, 'text');
    this.edits.push({ start: from.start, end: from.end, text: ',' });
  }

  /** `= ANY (ARRAY[$1, $2])` would be an array of text; `IN ($1, $2)` means the same and takes the column's type. */
  private listArray(body: AnyBody): void {
    const list = arrayComparison(body);
    if (list === null) return;
    const operator = this.tokenAt(locationOf(body));
    const open = this.tokenAt(list.start);
    const close = this.tokenAt(list.end);
    const end = this.behind(close);
    if (operator === null || open === null || close === null || end?.text !== ')') return;
    this.edits.push({ start: operator.start, end: open.end, text: list.negated ? 'NOT IN (' : 'IN (' });
    this.edits.push({ start: close.start, end: end.end, text: ')' });
  }

  private shareParameters(body: AnyBody): void {
    for (const { location, sameAs, constant } of unifyGrouping(body)) {
      const start = this.positions.fromBytes(location);
      const number = this.numbers.get(this.positions.fromBytes(sameAs));
      if (constant) this.restoreConstant(start, this.tokenAt(sameAs));
      else if (number !== undefined) this.numbers.set(start, number);
    }
  }

  private restoreConstant(start: number, constant: Token | null): void {
    const end = constant?.text === '-' ? this.behind(constant)?.end : constant?.end;
    if (constant === null || end === undefined || !this.numbers.delete(start)) return;
    this.edits.push({ start, end: this.endOf(start), text: this.text.slice(constant.start, end) });
  }

  private castBehind(token: Token, type: string): void {
    this.edits.push({ start: token.end, end: token.end, text: `::${type}` });
  }

  /** The token of a node that is a parameter, and still is one after `shareParameters`. */
  private parameterAt(node: unknown): Token | null {
    const token = this.tokenAt(locationOf(parameterOf(node)));
    return token !== null && this.numbers.has(token.start) ? token : null;
  }

  private endOf(start: number): number {
    return this.tokens[this.indexByStart.get(start) ?? -1]?.end ?? start;
  }

  private tokenAt(location: number | null): Token | null {
    if (location === null) return null;
    return this.tokens[this.indexByStart.get(this.positions.fromBytes(location)) ?? -1] ?? null;
  }

  private behind(token: Token | null): Token | null {
    if (token === null) return null;
    return this.tokens[(this.indexByStart.get(token.start) ?? 0) + 1] ?? null;
  }
}

interface ArrayComparison {
  readonly start: number;
  readonly end: number;
  readonly negated: boolean;
}

function arrayComparison(body: AnyBody): ArrayComparison | null {
  const operator = lastName(body['name']);
  const any = body['kind'] === 'AEXPR_OP_ANY' && operator === '=';
  const all = body['kind'] === 'AEXPR_OP_ALL' && operator === '<>';
  const array = (body['rexpr'] as { A_ArrayExpr?: AnyBody } | undefined)?.A_ArrayExpr;
  if ((!any && !all) || array === undefined) return null;
  const elements = (array['elements'] ?? []) as readonly Node[];
  const { list_start: start, list_end: end } = array;
  if (elements.length === 0 || !elements.every((element) => parameterOf(element) !== null)) return null;
  return typeof start === 'number' && typeof end === 'number' ? { start, end, negated: all } : null;
}

function parameterOf(node: unknown): AnyBody | null {
  return (node as { ParamRef?: AnyBody } | undefined)?.ParamRef ?? null;
}

function locationOf(body: unknown): number | null {
  if (typeof body !== 'object' || body === null) return null;
  const location = (body as AnyBody)['location'] ?? 0;
  return typeof location === 'number' && location >= 0 ? location : null;
}

function lastName(names: unknown): string | null {
  const last = (names as readonly Node[] | undefined)?.at(-1);
  return last !== undefined && 'String' in last ? (last.String.sval ?? null) : null;
}
