import { statementKind } from '../../sql/classify.js';
import { quoteRelation } from '../../sql/quote.js';
import { bodyOf } from '../../sql/walk.js';
import type { HeldLock, LintContext, Observed } from '../lint/observation.js';
import type { LintDetection, LintRule } from './rule.js';
import {
  capital,
  listed,
  locationOf,
  lockWords,
  migrationFix,
  names,
  observedOf,
  seen,
  since,
  stops,
} from './wording.js';

/** Rows that a statement has to touch on made-up tables for its time to depend on their size. */
const ROWS_MANY = 50;

/** A lock stops an existing table while something else takes its time. */
export const blockingLock: LintRule = {
  id: 'blocking-lock',
  title: 'A lock stops an existing table while rows are worked through',
  severity: 'error',
  docs: {
    what: 'Rows that are updated, deleted or inserted in the transaction that has locked a table before; DO blocks and functions that do both; LOCK TABLE; REFRESH MATERIALIZED VIEW without CONCURRENTLY; exclusion constraints. Index builds, rewrites and checks of constraints have rules of their own.',
    why: 'ALTER TABLE needs its lock for a moment only, but keeps it until the transaction ends. Every query of the table waits for the slowest statement behind it in the file.',
    limits:
      'The time on production is not known here, and a table of a hundred rows is none to worry about. Tables that the same file makes are passed by.',
    sources: ['https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES'],
  },
  check: (context) => observedOf(context).flatMap((each) => detect(context, each)),
};

function detect(context: LintContext, observed: Observed): readonly LintDetection[] {
  if (observed.outcome !== 'done') return [];
  const work = workUnderLock(observed) ?? ownLock(observed);
  if (work === null) return [];
  const { lock, does, cure } = work;
  const table = quoteRelation(lock.relation);
  const tables = names(observed.effects.locks.map(({ relation }) => relation));
  return [
    {
      title: `${table} is locked while the statement ${does}`,
      message: `${capital(lockWords(lock))} on ${table}${since(lock, observed.statement)} stops ${stops(lock)} until the transaction ends, and this statement ${does}. ${cure}`,
      object: `${table}:${observed.statement.text.replaceAll(/\s+/g, ' ').slice(0, 40)}`,
      relations: tables,
      location: locationOf(observed.statement),
      proof: seen(context, `${lockWords(lock)} on ${listed(tables)}`),
      ...(work.sql === undefined ? {} : { fix: migrationFix([work.sql]) }),
    },
  ];
}

interface Work {
  readonly lock: HeldLock;
  readonly does: string;
  readonly cure: string;
  readonly sql?: string;
}

function workUnderLock({ statement, effects, rowsAffected }: Observed): Work | null {
  const kind = statementKind(statement.tree);
  const byCode = 'DoStmt' in statement.tree || 'CallStmt' in statement.tree || 'CreateTableAsStmt' in statement.tree;
  if (kind === 'utility' && !byCode) return null;
  // What builds or rewrites has a rule of its own.
  if (effects.indexBuilds.length + effects.rewrites.length > 0) return null;
  const scanned = Math.max(0, ...effects.scans.map(({ rows }) => rows));
  const lock = effects.locks.find(({ by }) => by !== statement || byCode || kind === 'select');
  if (lock === undefined || Math.max(scanned, rowsAffected) < ROWS_MANY) return null;
  const does = kind === 'select' || byCode ? 'reads whole tables' : 'works through many rows';
  return {
    lock,
    does,
    cure:
      lock.by === statement
        ? 'Change the table in one file, and work through the rows in another.'
        : `Move it to a file of its own, so that the lock of line ${lock.by.line} is gone by then, and work in batches.`,
  };
}

function ownLock({ statement, effects }: Observed): Work | null {
  const [lock] = effects.locks.filter(({ by }) => by === statement);
  if (lock === undefined) return null;
  if (bodyOf(statement.tree, 'LockStmt') !== null) {
    return {
      lock,
      does: 'locks it by name',
      cure: 'Leave LOCK TABLE out: each statement takes the lock that it needs, for as short as it can.',
    };
  }
  if (bodyOf(statement.tree, 'RefreshMatViewStmt') !== null && lock.mode === 'AccessExclusiveLock') {
    return {
      lock,
      does: 'runs its query',
      cure: 'With a unique index on it, REFRESH MATERIALIZED VIEW CONCURRENTLY stops no reader.',
      sql: statement.text.replace(/\bVIEW\b/i, 'VIEW CONCURRENTLY'),
    };
  }
  const excludes =
    /\bEXCLUDE\b/i.test(statement.text) && effects.indexBuilds.some(({ table }) => table.oid === lock.relation.oid);
  if (!excludes) return null;
  return {
    lock,
    does: 'builds the index of an exclusion constraint',
    cure: 'There is no way to build it CONCURRENTLY: do it in a window without traffic, or on a new table that is filled beside the old one.',
  };
}
