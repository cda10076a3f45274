import type { InsertStmt, Node } from '@pgsql/types';
import type { Catalog, Table } from '../../model/catalog.js';
import type { LoopKind } from '../../model/linkage.js';
import { analyzeStatement } from '../../sql/analysis/analyze.js';
import type { StatementAnalysis } from '../../sql/analysis/table-scan.js';
import { statementKind } from '../../sql/classify.js';
import { parseStatement } from '../../sql/parse.js';
import { asParseFailure } from '../../sql/parse-failure.js';
import { withoutSoleIn } from '../../sql/sole-in.js';
import { bodyOf } from '../../sql/walk.js';
import type { Loop } from '../../workload/lineage/loop.js';
import { whyIrrelevant } from '../../workload/relevance.js';
import type { TableColumn } from './key-columns.js';

/** What a loop calls. */
export interface ParsedLoop {
  readonly loop: Loop;
  readonly kind: Exclude<LoopKind, 'repeat'>;
  /** The loop's text, with `IN ($1)` written as `= $1`. */
  readonly text: string;
  /** Of that text. */
  readonly tree: Node;
  readonly analysis: StatementAnalysis;
  /** Column that each changing parameter is compared with or written to, where that is one. */
  readonly columns: ReadonlyMap<number, TableColumn>;
  /** Each call reads or changes what one key names, or inserts one row: the calls could be one. */
  readonly isByKey: boolean;
}

/** Reads what a loop calls; null for what is no statement of the application's or changes several rows of its own. */
export function parseLoop(loop: Loop, catalog: Catalog): ParsedLoop | null {
  const sent = treeOf(loop.text);
  if (sent === null || whyIrrelevant(sent, loop.text) !== null) return null;
  const text = withoutSoleIn(loop.text);
  const tree = text === loop.text ? sent : treeOf(text);
  if (tree === null) return null;
  const kind = kindOf(tree);
  if (kind === null) return null;
  const analysis = analyzeStatement(tree, catalog);
  const insert = bodyOf(tree, 'InsertStmt');
  const columns = insert === null ? comparedColumns(analysis) : insertedColumns(insert, analysis);
  return { loop, kind, text, tree, analysis, columns, isByKey: isByKey(loop, { kind, analysis, insert }) };
}

/** Gives the tree of a text; null for what is no one statement. */
export function treeOf(text: string): Node | null {
  try {
    return parseStatement(text).tree;
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return null;
  }
}

/** Gives what a statement does to rows; null for any other. */
export function kindOf(tree: Node): ParsedLoop['kind'] | null {
  const kind = statementKind(tree);
  if (kind === 'insert') return bodyOf(tree, 'InsertStmt')?.onConflictClause === undefined ? 'insert' : 'upsert';
  return kind === 'select' || kind === 'update' || kind === 'delete' ? kind : null;
}

/**
 * Pages, chunks and ranges are no loop over keys: there a changing value is a count, a list or a bound.
 */
function isByKey(
  { varying }: Loop,
  { kind, analysis, insert }: Pick<ParsedLoop, 'kind' | 'analysis'> & { insert: InsertStmt | null },
): boolean {
  if (varying.length === 0) return false;
  if (insert !== null) return rowsOf(insert).length === 1;
  const uses = analysis.parameters.filter(({ number }) => varying.includes(number));
  const keys = uses.filter((use) => use.role === 'comparison' && use.operator === '=' && use.isPart !== true);
  if (keys.length === 0 || keys.length < uses.length) return false;
  return kind !== 'select' || varying.every((number) => keys.some((use) => use.number === number));
}

function comparedColumns({ parameters }: StatementAnalysis): ReadonlyMap<number, TableColumn> {
  return new Map(
    parameters.flatMap((use) =>
      use.role === 'comparison' && use.operator === '=' ? named(use.number, use.table, use.key.column) : [],
    ),
  );
}

function insertedColumns(insert: InsertStmt, { writes }: StatementAnalysis): ReadonlyMap<number, TableColumn> {
  const table = writes[0]?.table;
  const [row = []] = rowsOf(insert);
  if (table === undefined) return new Map();
  const names = (insert.cols ?? []).map((node) => bodyOf(node, 'ResTarget')?.name ?? null);
  const written = names.length > 0 ? names : table.columns.filter(({ dropped }) => !dropped).map(({ name }) => name);
  return new Map(
    row.flatMap((node, place) => {
      const number = bodyOf(bodyOf(node, 'TypeCast')?.arg ?? node, 'ParamRef')?.number;
      return number === undefined ? [] : named(number, table, written[place] ?? null);
    }),
  );
}

function rowsOf({ selectStmt }: InsertStmt): readonly (readonly Node[])[] {
  return (bodyOf(selectStmt, 'SelectStmt')?.valuesLists ?? []).map((node) => bodyOf(node, 'List')?.items ?? []);
}

function named(number: number, table: Table, name: string | null): readonly (readonly [number, TableColumn])[] {
  const column = table.columns.find((each) => each.name === name && !each.dropped);
  return column === undefined ? [] : [[number, { table, column }]];
}
