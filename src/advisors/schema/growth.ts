import type { Column, Table } from '../../model/catalog.js';
import type { Evidence } from '../advisor.js';
import { ageColumn, expiryColumn } from './expiry.js';
import { isSame, ownTables, rowsOfTable } from './own-tables.js';
import { daysBetween, rowsInsertedPerDay, type TimeProfile, timeProfile } from './time-profile.js';

/** A table that nothing takes rows from although they grow old. */
export interface Growth {
  readonly table: Table;
  readonly kind: 'expires' | 'ages';
  readonly column: Column;
  readonly profile: TimeProfile | null;
  readonly rowsPerDay: number | null;
}

/** A smaller table is no burden, whatever it keeps. */
const ROWS_MIN = 1000;
/** Rows that merely grow old, and may be wanted, matter where there are many. */
const AGEING_ROWS_MIN = 100_000;
const AGEING_DAYS_MIN = 30;
/** Fewer deletions than this share of the insertions are somebody's corrections. */
const DELETED_SHARE_MAX = 0.01;
/** Nor are so few of them, however few rows have come. */
const DELETED_MIN = 100;
/** Rows that are changed as often as this are states, not a history. */
const UPDATED_SHARE_MAX = 0.1;

/** Gives the tables whose rows expire, or grow old, and are not deleted by anybody. */
export function unboundedTables(evidence: Evidence): readonly Growth[] {
  return ownTables(evidence.catalog).flatMap((table) => {
    const isBounded =
      table.kind === 'partitioned table' || rowsOfTable(table) < ROWS_MIN || isDeletedFrom(table, evidence);
    return isBounded ? [] : (expiring(table, evidence) ?? ageing(table, evidence) ?? []);
  });
}

/** Rows that came and are gone without a DELETE: TRUNCATE, or a table that takes another’s place. */
const GONE_SHARE_MIN = 0.5;

function isDeletedFrom(table: Table, { statements }: Evidence): boolean {
  const { rowsInserted, rowsDeleted } = table.counters;
  const isInWorkload = statements.some(({ analysis: { writes } }) =>
    writes.some((write) => write.kind === 'delete' && isSame(write.table, table)),
  );
  const isKeptPace = rowsDeleted >= DELETED_MIN && rowsDeleted > rowsInserted * DELETED_SHARE_MAX;
  const isEmptied = rowsInserted * GONE_SHARE_MIN > rowsOfTable(table);
  return isInWorkload || isKeptPace || isEmptied;
}

/** Where other rows lead to a row, its expiry is no leave to delete it. */
function expiring(table: Table, evidence: Evidence): Growth | null {
  const column = expiryColumn(table);
  if (column === null || isReferenced(table, evidence)) return null;
  const growth = growthOf(table, { kind: 'expires', column }, evidence);
  const isExpired = growth.profile === null || growth.profile.pastShare > 0;
  return isExpired && table.counters.rowsInserted > 0 && isWatched(growth, evidence) ? growth : null;
}

/** A job has its turn within a day; what expired a month ago tells that there is none. */
const WATCHED_DAYS_MIN = 1;
const EXPIRED_DAYS_MIN = 30;

function isWatched({ profile }: Growth, { catalog: { countersSince, readAt } }: Evidence): boolean {
  const days = countersSince == null ? Number.POSITIVE_INFINITY : daysBetween(countersSince, readAt);
  return days >= WATCHED_DAYS_MIN || (profile?.oldestDays ?? 0) >= EXPIRED_DAYS_MIN;
}

function ageing(table: Table, evidence: Evidence): Growth | null {
  const column = ageColumn(table);
  const { rowsInserted, rowsUpdated } = table.counters;
  const isHistory = rowsInserted > 0 && rowsUpdated <= rowsInserted * UPDATED_SHARE_MAX;
  if (column === null || !isHistory || rowsOfTable(table) < AGEING_ROWS_MIN || isReferenced(table, evidence))
    return null;
  const growth = growthOf(table, { kind: 'ages', column }, evidence);
  return growth.profile !== null && growth.profile.spanDays >= AGEING_DAYS_MIN ? growth : null;
}

function growthOf(table: Table, how: Pick<Growth, 'kind' | 'column'>, { catalog, statistics }: Evidence): Growth {
  const profile = timeProfile(statistics, { table, column: how.column.name, at: catalog.readAt });
  return { table, ...how, profile, rowsPerDay: rowsInsertedPerDay(table, catalog) };
}

function isReferenced(table: Table, { catalog }: Evidence): boolean {
  return catalog.tables.some((other) =>
    other.constraints.some(({ references }) => references !== null && isSame(references.table, table)),
  );
}
