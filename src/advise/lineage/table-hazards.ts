import type { Table } from '../../model/catalog.js';
import type { Session } from '../../postgres/session.js';
import { readWrittenTable, triggersHazard } from '../../proof/written-rows.js';
import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';
import { bodyOf } from '../../sql/walk.js';
import type { ParsedLoop } from './loop-statement.js';

/** Gives what the table of a write may make of one statement in place of many: its triggers, and what is unique in it. */
export async function tableHazards(session: Session, parsed: ParsedLoop): Promise<readonly string[]> {
  const [write] = parsed.analysis.writes;
  if (write === undefined) return [];
  const table = await readWrittenTable(session, write.table);
  const unique = uniqueIn(write.table, parsed);
  return [
    ...(table === null ? [] : triggersHazard(table)),
    ...(unique.length === 0
      ? []
      : [
          `Unique in ${quoteRelation(write.table)}: ${unique.join(', ')}. One row that is in conflict there refuses all of them.`,
        ]),
  ];
}

/** `lines_pkey (order_id, product)`, of those that the statement can come into conflict with. */
function uniqueIn({ indexes }: Table, { kind, tree }: ParsedLoop): readonly string[] {
  if (kind === 'delete') return [];
  const insert = bodyOf(tree, 'InsertStmt');
  const settled = (insert?.onConflictClause?.infer?.indexElems ?? []).map((each) => bodyOf(each, 'IndexElem')?.name);
  const isSettled = (names: readonly (string | null)[]) =>
    settled.length > 0 && names.length === settled.length && names.every((name) => settled.includes(name ?? undefined));
  // ON CONFLICT DO NOTHING without columns passes by all of them.
  if (insert?.onConflictClause?.action === 'ONCONFLICT_NOTHING' && settled.length === 0) return [];
  const changed = new Set(bodyOf(tree, 'UpdateStmt')?.targetList?.map((each) => bodyOf(each, 'ResTarget')?.name));
  return indexes
    .filter(({ unique }) => unique)
    .filter(({ keys }) => insert !== null || keys.some(({ column }) => column !== null && changed.has(column)))
    .filter(({ keys }) => !isSettled(keys.map(({ column }) => column)))
    .map(({ name, keys }) => `${quoteIdentifier(name)} (${keys.map(({ sql }) => sql).join(', ')})`);
}
