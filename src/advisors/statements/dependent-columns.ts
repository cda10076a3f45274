import type { Table } from '../../model/catalog.js';
import type { RelationName } from '../../model/relation-name.js';
import type { StatementBinding } from '../../model/workload.js';
import { deparseNode } from '../../sql/deparse.js';
import { type LevelRelation, storedColumn } from '../../sql/levels/query-level.js';
import { quoteIdentifier } from '../../sql/quote.js';
import type { AnalyzedStatement, Evidence } from '../advisor.js';
import { isSame } from '../schema/own-tables.js';
import { boundValues } from './equalities.js';
import { unlessRefused } from './preparable.js';
import { readText } from './read-statement.js';

/** Columns of one table that a statement compares with constants, and what the planner takes of their rows. */
export interface ComparedColumns {
  readonly table: Table;
  readonly columns: readonly string[];
  /** Rows that the planner expects where all hold, and where only the one holds that leaves fewest. */
  readonly rowsTogether: number;
  readonly rowsAlone: number;
}

/** PostgreSQL takes no more columns into one statistics object. */
const COLUMNS_MAX = 8;

/**
 * Gives the tables of which a statement compares two columns and more with constants, and on which no statistics object
 * is, with how far the planner's estimate would go if one of the columns told all of the others.
 */
export async function comparedColumns(
  { plannable: { bindings } }: AnalyzedStatement,
  { planner, catalog }: Evidence,
): Promise<readonly ComparedColumns[]> {
  const [heaviest] = [...bindings].sort((one, other) => other.share - one.share);
  const found: ComparedColumns[] = [];
  for (const { relation, table, conditions } of heaviest === undefined ? [] : boundRelations(heaviest, catalog)) {
    if (conditions.size < 2 || hasStatistics(table, catalog.statisticsObjects)) continue;
    const from = deparseNode(relation.node);
    const rowsOf = async (asked: readonly string[]) =>
      (await unlessRefused(planner.explain(`SELECT FROM ${from} WHERE ${asked.join(' AND ')}`, [])))?.rowsEstimate ?? 0;
    const all = [...conditions.values()];
    const alone: number[] = [];
    for (const condition of all) alone.push(await rowsOf([condition]));
    const rowsTogether = Math.max(1, await rowsOf(all));
    found.push({ table, columns: [...conditions.keys()], rowsTogether, rowsAlone: Math.min(...alone) });
  }
  return found;
}

interface BoundRelation {
  readonly relation: LevelRelation;
  readonly table: Table;
  /** SQL by column. */
  readonly conditions: ReadonlyMap<string, string>;
}

function boundRelations({ sql }: StatementBinding, catalog: Evidence['catalog']): readonly BoundRelation[] {
  return (readText(sql, catalog)?.levels ?? []).flatMap((level) =>
    level.relations.flatMap((relation): BoundRelation[] => {
      if (relation.table === null) return [];
      // PostgreSQL keeps no statistics of what it computes when it is read.
      const isKept = (name: string) => storedColumn({ relation, name })?.generated !== 'virtual';
      const bound = boundValues(level).filter(({ column }) => column.relation === relation && isKept(column.name));
      const conditions = bound.slice(0, COLUMNS_MAX).map(({ column: { name }, value }) => {
        return [name, `${quoteIdentifier(relation.alias)}.${quoteIdentifier(name)} = ${value}`] as const;
      });
      return [{ relation, table: relation.table, conditions: new Map(conditions) }];
    }),
  );
}

function hasStatistics(table: Table, objects: readonly { readonly table: RelationName }[]): boolean {
  return objects.some((object) => isSame(object.table, table));
}
