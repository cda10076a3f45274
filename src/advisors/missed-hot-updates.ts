import type { Index, Table } from '../model/catalog.js';
import type { WorkloadStatement } from '../model/workload.js';
import { quoteRelation } from '../sql/quote.js';
import type { Advisor, Detection, Evidence } from './advisor.js';
import { BLOCK_BYTES, countText, nameOf } from './index-hygiene/figures.js';
import { indexMentions } from './index-selection/mentions.js';
import { optionOf } from './schema/autovacuum-settings.js';
import { isSame, rowsOfTable, storedTables } from './schema/own-tables.js';
import { schemaFinding, stepsFix } from './schema/schema-finding.js';

/** Fewer updates say nothing of a habit. */
const UPDATES_MIN = 10_000;
/** With room on the page nearly all such updates stay within it. */
const HOT_SHARE_MIN = 0.8;
/** Room for one more version of a few rows on each page. */
const FILLFACTOR = 85;
/** Wider rows want more room than a page can spare. */
const FILLFACTOR_MIN = 50;
/** Of a block, less its header. */
const PAGE_BYTES = 8168;
/** A statement that changes more of the table at once fills any room that a page may keep. */
const SHARE_AT_ONCE_MAX = 0.05;
/** A table that leaves this much free is not short of room by its fillfactor. */
const FILLFACTOR_FULL = 95;

/** Reports tables whose updates write to every index only because their pages are full. */
export const missedHotUpdates: Advisor = {
  id: 'missed-hot-updates',
  title: 'Updates that miss HOT for lack of room',
  severity: 'warn',
  docs: {
    what: 'Tables that are updated often, without HOT, although none of the workload’s updates changes a column that an index holds, and whose pages are filled to the brim.',
    why: 'An update that finds room on its row’s own page writes to no index (HOT) and its remains are cleaned up by the next reader. Without room it writes an entry to every index, and vacuum has to clean them all.',
    limits:
      'The counters are of all updates since they began, the columns of those in the workload. Pages that are there keep their fill until they are rewritten, by VACUUM FULL or little by little. Rows of which hardly two fit on a page, and statements that change more than a twentieth of the table at once, are passed by: no room suffices for those.',
    sources: [
      'https://www.postgresql.org/docs/current/storage-hot.html',
      'https://www.postgresql.org/docs/current/sql-createtable.html#RELOPTION-FILLFACTOR',
    ],
  },
  async detect(evidence) {
    return storedTables(evidence.catalog)
      .filter((table) => table.kind !== 'materialized view' && missesHot(table, evidence))
      .map(describe);
  },
};

function missesHot(table: Table, { statements }: Evidence): boolean {
  const { rowsUpdated, rowsHotUpdated } = table.counters;
  const fillfactor = Number(optionOf(table, 'fillfactor') ?? 100);
  if (rowsUpdated < UPDATES_MIN || rowsHotUpdated / rowsUpdated >= HOT_SHARE_MIN || fillfactor < FILLFACTOR_FULL)
    return false;
  const columns = statements.flatMap(({ statement, analysis: { writes } }) =>
    isAtOnce(statement, table)
      ? []
      : writes
          .filter((write) => write.kind === 'update' && isSame(write.table, table))
          .flatMap((write) => write.columns),
  );
  const holds = (index: Index) => columns.some((column) => indexMentions(index, column));
  const isWithRoom = fillfactorFor(table) >= FILLFACTOR_MIN;
  return isWithRoom && columns.length > 0 && table.indexes.length > 0 && !table.indexes.some(holds);
}

function isAtOnce({ rows, calls }: WorkloadStatement, table: Table): boolean {
  return rows !== null && rows / Math.max(1, calls) > rowsOfTable(table) * SHARE_AT_ONCE_MAX;
}

/** Leaves room for one more version of a row of average width, at least. */
function fillfactorFor({ storage: { blocks, tuples } }: Table): number {
  const rowShare = (blocks * BLOCK_BYTES) / Math.max(1, tuples) / PAGE_BYTES;
  return Math.min(FILLFACTOR, Math.floor((1 - rowShare) * 100));
}

function describe(table: Table): Detection {
  const { rowsUpdated, rowsHotUpdated } = table.counters;
  const missed = rowsUpdated - rowsHotUpdated;
  const before = optionOf(table, 'fillfactor');
  const fillfactor = fillfactorFor(table);
  const alter = `ALTER TABLE ${quoteRelation(table)}`;
  return schemaFinding({
    key: `missed-hot-updates:${quoteRelation(table)}`,
    title: `${Math.round((missed / rowsUpdated) * 100)} % of the updates of ${nameOf(table)} write to its indexes`,
    message:
      `No update of the workload changes a column that an index of ${nameOf(table)} holds, yet ${countText(missed)} of ${countText(rowsUpdated)} ` +
      `were not HOT: there was no room on the row’s page, which is filled to ${before ?? '100'} %. With a fillfactor of ${fillfactor} ` +
      `new pages keep room, and ${table.indexes.length} ${table.indexes.length === 1 ? 'index is' : 'indexes are'} left alone.`,
    relations: [nameOf(table)],
    evidence: [
      {
        name: 'updates that were HOT',
        value: rowsHotUpdated / rowsUpdated,
        unit: 'ratio',
        source: 'pg_stat_all_tables',
      },
      { name: 'rows updated', value: rowsUpdated, unit: 'rows', source: 'pg_stat_all_tables' },
    ],
    detail: 'the columns that the workload updates were held against those of every index',
    fix: stepsFix(
      'setting',
      [
        {
          sql: `${alter} SET (fillfactor = ${fillfactor})`,
          hazards: [
            'pages that are there stay as they are until they are rewritten',
            `${nameOf(table)} becomes about ${Math.round(100 / (fillfactor / 100) - 100)} % larger in time`,
          ],
        },
      ],
      [before === null ? `${alter} RESET (fillfactor)` : `${alter} SET (fillfactor = ${before})`],
    ),
  });
}
