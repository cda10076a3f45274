import type { ColumnRef } from '@pgsql/types';
import { columnParts } from '../../sql/analysis/expression.js';
import { outputNames } from '../../sql/levels/output-names.js';
import { type LevelRelation, type QueryLevel, resolveIn } from '../../sql/levels/query-level.js';
import { visit } from '../../sql/walk.js';
import type { ReadStatement } from './read-statement.js';

/** Gives the references to a relation's columns in a whole statement; null where a star or an unclear name may be one. */
export function usesOf(relation: LevelRelation, { levels }: ReadStatement): readonly ColumnRef[] | null {
  const uses: ColumnRef[] = [];
  for (const level of levels) {
    if (level.select === null) return null;
    for (const reference of referencesOf(level)) {
      const { qualifier, name } = columnParts(reference);
      // A star by itself is of its own level's relations alone.
      const isOfIt = qualifier === null ? level.relations.includes(relation) : qualifier === relation.alias;
      if (name === null && isOfIt) return null;
      if (name === null) continue;
      const column = resolveIn(level, reference);
      if (column === null) return null;
      if (column.relation === relation) uses.push(reference);
    }
  }
  return uses;
}

/** References of the level itself, not of the queries within it. */
function referencesOf(level: QueryLevel): readonly ColumnRef[] {
  const { select } = level;
  const found: ColumnRef[] = [];
  for (const [field, part] of Object.entries(select ?? {})) {
    if (field === 'withClause') continue;
    visit(part, (kind, body) => {
      if (kind === 'ColumnRef') found.push(body as ColumnRef);
      return kind !== 'SelectStmt';
    });
  }
  const passed: ReadonlySet<ColumnRef> = select === null ? new Set() : outputNames(select, level);
  return found.filter((reference) => !passed.has(reference));
}
