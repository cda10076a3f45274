import type { Session } from '../../postgres/session.js';
import { columnNamed, findTable, missingColumn, type TableRight } from '../job-table.js';

/** What a job needs of a table of the fleet. */
export interface TableNeeds {
  readonly rights: readonly TableRight[];
  readonly columns: readonly string[];
  /** The job finds rows by their place, which only a plain table has. */
  readonly isPlain?: boolean;
}

/** Gives what keeps a job from using some tables, in one sentence, or null. */
export async function refuseTables(
  session: Session,
  needed: Readonly<Record<string, TableNeeds>>,
): Promise<string | null> {
  for (const [name, needs] of Object.entries(needed)) {
    const refusal = await refuseTable(session, name, needs);
    if (refusal !== null) return refusal;
  }
  return null;
}

async function refuseTable(session: Session, name: string, needs: TableNeeds): Promise<string | null> {
  const table = await findTable(session, name);
  if (typeof table === 'string') return table;
  if (needs.isPlain === true && table.isPartitioned)
    return `${name} is partitioned, and events are found by the place of their rows in one table: use a plain table`;
  const missing = needs.columns.find((column) => columnNamed(table, column) === undefined);
  if (missing !== undefined) return missingColumn(table, missing);
  const denied = needs.rights.filter((right) => !table.rights[right]).join(', ');
  return denied === '' ? null : `the role may not ${denied} on ${name}: GRANT ${denied} ON ${name} TO it`;
}
