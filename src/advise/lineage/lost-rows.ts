import type { Node } from '@pgsql/types';
import type { RecordedCall } from '../../model/linkage.js';
import { statementRelations } from '../../sql/classify.js';
import { bodyOf, visit } from '../../sql/walk.js';
import { type ParsedLoop, treeOf } from './loop-statement.js';

/**
 * Tells of queries whether a loop takes the rows away from them that it goes through, as one that finds what is new and
 * a loop that sets it to done: run again, such a query gives other rows than the loop was made for.
 */
export function losesRowsTo(parsed: ParsedLoop): (query: RecordedCall) => boolean {
  const known = new Map<string, boolean>();
  return ({ shape, text, rows }) => {
    // What was recorded is not run again.
    if (rows !== undefined) return false;
    const found = known.get(shape) ?? isFoundByWhatChanges(text, parsed);
    known.set(shape, found);
    return found;
  };
}

function isFoundByWhatChanges(text: string, { kind, tree, analysis }: ParsedLoop): boolean {
  const [write] = analysis.writes;
  if (write === undefined || (kind !== 'update' && kind !== 'delete')) return false;
  const query = treeOf(text);
  if (query === null || !statementRelations(query).reads.some(({ name }) => name === write.table.name)) return false;
  if (kind === 'delete') return true;
  const changed = changedColumns(tree);
  let found = false;
  visit(query, (_, body) => {
    visit(body['whereClause'], (kindOfNode, reference) => {
      const last = kindOfNode === 'ColumnRef' ? (reference['fields'] as readonly Node[]).at(-1) : undefined;
      found ||= changed.has(bodyOf(last, 'String')?.sval ?? '');
      return !found;
    });
    return !found;
  });
  return found;
}

/** Columns that an UPDATE sets to something else than themselves. */
function changedColumns(tree: Node): ReadonlySet<string> {
  const targets = bodyOf(tree, 'UpdateStmt')?.targetList ?? [];
  return new Set(
    targets.flatMap((target) => {
      const { name, val } = bodyOf(target, 'ResTarget') ?? {};
      const own = bodyOf(bodyOf(val, 'ColumnRef')?.fields?.at(-1), 'String')?.sval;
      return name === undefined || name === own ? [] : [name];
    }),
  );
}
