import type { Session } from '../../postgres/session.js';
import { quoteLiteral } from '../../sql/quote.js';
import { columnNamed, findTable, type JobTable, missingColumn } from '../job-table.js';
import { planAuditTable } from './audit-columns.js';
import type { TimeOutConfig } from './config.js';
import { findRefusal } from './refused-values.js';
import { dueSql, type Sweep } from './sweep.js';

const TIMES = /^(timestamp|date)/;

/** Finds the tables of a time-out and what goes into them; a sentence where it can never work. */
export async function prepareSweep(session: Session, config: TimeOutConfig): Promise<Sweep | string> {
  const table = await findTable(session, config.table);
  if (typeof table === 'string') return table;
  const refusal = refuseTable(table, config);
  if (refusal !== null) return refusal;
  if (config.audit === null) return { config, table, audit: null };
  const audit = await planAuditTable(session, { ...config, audit: config.audit }, table);
  return typeof audit === 'string' ? audit : { config, table, audit };
}

/** Says which CHECK or type would refuse the new status or the audit rows; null where none does. */
export function refusedValues(session: Session, { config, table, audit }: Sweep): Promise<string | null> {
  const rows = config.rules.map((rule) => `(${dueSql({ ...rule, status: config.status })})`).join(' OR ');
  const inState = (state: string) => new Map([[config.status, quoteLiteral(state)]]);
  const meaning = 'no row can be in the state that a rule starts from: ';
  const states = new Set(config.rules.map(({ from }) => from));
  return findRefusal(session, [
    ...[...states].map((from) => ({ table, values: inState(from), rows: null, meaning })),
    { table, values: inState(config.to), rows },
    ...(audit === null ? [] : [{ table: audit.table, values: audit.constants, rows: null }]),
  ]);
}

function refuseTable(table: JobTable, config: TimeOutConfig): string | null {
  const wanted = [config.key, config.status, ...config.rules.map((rule) => rule.since), config.stamp, config.type];
  for (const name of wanted)
    if (name !== null && columnNamed(table, name) === undefined) return missingColumn(table, name);
  const key = columnNamed(table, config.key);
  if (key?.isUnique !== true || !key.notNull)
    return `${table.sql}.${config.key} does not name one row: give as key a column that is the primary key, or unique and NOT NULL`;
  for (const name of [...config.rules.map((rule) => rule.since), ...(config.stamp === null ? [] : [config.stamp])]) {
    const type = columnNamed(table, name)?.type ?? '';
    if (!TIMES.test(type))
      return `${table.sql}.${name} is of type ${type}; a time-out reckons with a timestamp or a date`;
  }
  if (!table.rights.SELECT || !table.rights.UPDATE)
    return `this role may not SELECT and UPDATE ${table.sql}: GRANT SELECT, UPDATE ON ${table.sql} to it`;
  return null;
}
