import type { Catalog, Table } from '../model/catalog.js';
import type { Fix } from '../model/finding.js';
import { quoteRelation } from '../sql/quote.js';
import type { Advisor, Detection } from './advisor.js';
import { countText, nameOf, sizeText } from './index-hygiene/figures.js';
import { type AutovacuumTerms, autovacuumTerms, optionOf, settingOf } from './schema/autovacuum-settings.js';
import { rowsOfTable, storedTables } from './schema/own-tables.js';
import { type Step, schemaFinding, stepsFix } from './schema/schema-finding.js';

/** Fewer dead rows are read past in no time. */
const DEAD_MIN = 10_000;
/** Autovacuum looks every minute: at three times its threshold it does not keep up. */
const LAG_FACTOR = 3;
/** Dead rows of so large a part of the table cost every scan. */
const DEAD_SHARE_MIN = 0.2;
/** A vacuum is small work where it begins at so many dead rows. */
const DEAD_WANTED = 10_000;
const SCALE_MIN = 0.005;
const SCALE_MAX = 0.05;
/** Five times the usual cost limit of 200, for this table. */
const COST_LIMIT = 1000;

/** Reports tables whose dead rows autovacuum does not clear away in time. */
export const laggingAutovacuum: Advisor = {
  id: 'lagging-autovacuum',
  title: 'Autovacuum does not keep up',
  severity: 'warn',
  docs: {
    what: 'Tables with several times as many dead rows as autovacuum lets pass, and at least a fifth of their rows, or where it is switched off.',
    why: 'Dead rows are read by every scan and keep pages from being reused: the table and its indexes grow, and a later VACUUM gives little of that back.',
    limits:
      'Dead rows are the server’s estimate of the moment; a bulk change looks the same until autovacuum has come. Where an old transaction keeps the rows alive, no setting helps: end that first.',
    sources: [
      'https://www.postgresql.org/docs/current/routine-vacuuming.html#AUTOVACUUM',
      'https://www.postgresql.org/docs/current/runtime-config-autovacuum.html',
    ],
  },
  async detect({ catalog }) {
    return storedTables(catalog)
      .map((table) => ({ table, terms: autovacuumTerms(catalog, table) }))
      .filter(({ table, terms }) => isLagging(table, terms))
      .map(({ table, terms }) => describe(table, terms, catalog));
  },
};

function isLagging(table: Table, terms: AutovacuumTerms): boolean {
  const { rowsDead } = table.counters;
  const isMuch = rowsDead >= DEAD_MIN && rowsDead >= rowsOfTable(table) * DEAD_SHARE_MIN;
  return isMuch && (!terms.isOn || rowsDead > terms.vacuumAt * LAG_FACTOR);
}

function describe(table: Table, terms: AutovacuumTerms, catalog: Catalog): Detection {
  const { rowsDead } = table.counters;
  const share = rowsDead / Math.max(1, rowsOfTable(table) + rowsDead);
  return schemaFinding({
    key: `lagging-autovacuum:${quoteRelation(table)}`,
    title: `${nameOf(table)} holds ${countText(rowsDead)} dead rows`,
    message: `${countText(rowsDead)} of the rows of ${nameOf(table)} (${sizeText(table)}), ${Math.round(share * 100)} %, are dead. ${reasonOf(table, terms, catalog)}`,
    relations: [nameOf(table)],
    evidence: [
      { name: 'dead rows', value: rowsDead, unit: 'rows', source: 'pg_stat_all_tables' },
      { name: 'dead rows at which autovacuum begins', value: terms.vacuumAt, unit: 'rows', source: 'pg_settings' },
      { name: 'rows updated', value: table.counters.rowsUpdated, unit: 'rows', source: 'pg_stat_all_tables' },
      { name: 'rows deleted', value: table.counters.rowsDeleted, unit: 'rows', source: 'pg_stat_all_tables' },
    ],
    detail: 'the estimate of dead rows was held against the settings of autovacuum, the table’s own included',
    fix: fixOf(table, terms, catalog),
  });
}

function reasonOf(table: Table, { isOn, vacuumAt }: AutovacuumTerms, catalog: Catalog): string {
  if (settingOf(catalog, 'autovacuum') === 'off') return 'Autovacuum is off for the whole server.';
  if (!isOn) return 'Autovacuum is switched off for it.';
  const last = table.counters.vacuumedAt ?? null;
  const seen = last === null ? 'no VACUUM is known to have run' : `the last VACUUM ended on ${last.slice(0, 10)}`;
  return `Autovacuum begins at ${countText(vacuumAt)}, and ${seen}: begin earlier, and let it work faster here.`;
}

function fixOf(table: Table, { isOn }: AutovacuumTerms, catalog: Catalog): Fix {
  const name = quoteRelation(table);
  const vacuum: Step = {
    sql: `VACUUM (ANALYZE) ${name}`,
    alone: true,
    hazards: [`reads ${nameOf(table)} and its indexes; reads and writes go on`],
  };
  if (settingOf(catalog, 'autovacuum') === 'off')
    return stepsFix(
      'setting',
      [{ sql: 'ALTER SYSTEM SET autovacuum = on', alone: true }, { sql: 'SELECT pg_reload_conf()' }, vacuum],
      ['ALTER SYSTEM SET autovacuum = off', 'SELECT pg_reload_conf()'],
    );
  if (!isOn)
    return stepsFix(
      'setting',
      [{ sql: `ALTER TABLE ${name} RESET (autovacuum_enabled)` }, vacuum],
      [`ALTER TABLE ${name} SET (autovacuum_enabled = ${optionOf(table, 'autovacuum_enabled')})`],
    );
  const wanted = {
    autovacuum_vacuum_scale_factor: String(scaleFor(table)),
    autovacuum_vacuum_cost_limit: String(COST_LIMIT),
  };
  const set = Object.entries(wanted).map(([option, value]) => `${option} = ${value}`);
  return stepsFix(
    'setting',
    [{ sql: `ALTER TABLE ${name} SET (${set.join(', ')})` }, vacuum],
    Object.keys(wanted).map((option) => backTo(table, option)),
  );
}

/** The part of the table at which a vacuum is still small work. */
function scaleFor(table: Table): number {
  const scale = DEAD_WANTED / Math.max(1, rowsOfTable(table));
  return Number(Math.min(SCALE_MAX, Math.max(SCALE_MIN, scale)).toFixed(3));
}

function backTo(table: Table, option: string): string {
  const before = optionOf(table, option);
  const alter = `ALTER TABLE ${quoteRelation(table)}`;
  return before === null ? `${alter} RESET (${option})` : `${alter} SET (${option} = ${before})`;
}
