import { z } from 'zod';
import { recordAnchor } from '../audit/anchors.js';
import { auditTables } from '../audit/chain.js';
import { cutOldest } from '../audit/cut.js';
import type { WatchedRows } from '../audit/layout.js';
import { verifyChain } from '../audit/verify.js';
import { StewardError } from '../errors.js';
import { ownTables, ownTablesExist } from '../migrate/own-tables.js';
import type { AuditAnchor, AuditVerification } from '../model/audit.js';
import type { JobPlan } from '../model/job.js';
import type { Session } from '../postgres/session.js';
import type { JobContext, JobKind, RunContext } from './job.js';
import { columnNamed, findTable, missingColumn } from './job-table.js';

const schema = z.strictObject({
  /** Rows that have to be in the chain: those of a table with a value in a column. Tables that are not there are passed by. */
  watched: z
    .array(z.strictObject({ table: z.string().min(1), column: z.string().min(1), value: z.string() }))
    .max(100)
    .default([]),
  /** Segments older than this go with their audit rows, after a verification that found all well; 0 keeps them for ever. */
  keepDays: z.number().int().min(0).max(36_500).default(0),
});

/** Keys of a verification of the audit chain. */
export type VerifyAuditConfig = z.infer<typeof schema>;

/** Entries that a cut takes at a time. */
const CUT_SIZES = { first: 4, least: 1, most: 50 };
const ONE = { first: 1, least: 1, most: 1 };

/** Verifies the audit chain, records its head, and takes away segments that need not be kept. */
export const verifyAudit: JobKind<VerifyAuditConfig> = {
  kind: 'verify-audit',
  summary: 'checks every audit row against the chain of hashes, and records where the chain ends',
  replicas: {
    effect: 'one replica runs it at a time; it sees one moment, so batches that others commit raise no alarm',
    limits: 'per run, whichever replica has it',
  },
  schema,
  async check(context, config) {
    const found = await context.read((session) => watchedRows(session, config));
    return typeof found === 'string' ? found : null;
  },
  plan,
  async run(context, config) {
    const verification = await context.read(async (session) =>
      verifyAuditChain(session, { config, ownSchema: context.ownSchema, signal: context.signal }),
    );
    const { ok, rows, brokenTotal, head } = verification;
    await context.batch(async (session) => {
      if (ok && head.seq !== '0') await recordAnchor(session, context.ownSchema, head);
      return { counts: { verified: rows, broken: brokenTotal } };
    }, ONE);
    context.log.info({ job: context.job, runId: context.run.id, ok, rows, ...head }, 'audit chain verified');
    if (ok && config.keepDays > 0) await cut(context, config.keepDays);
    return { failure: failureOf(verification), detail: verification };
  },
};

export interface AuditCheck {
  readonly config: VerifyAuditConfig;
  readonly ownSchema: string;
  readonly signal: AbortSignal;
  readonly anchors?: readonly AuditAnchor[];
  readonly onProgress?: (rows: number) => void;
}

/** Verifies the chain with what the configuration says has to be in it. */
export async function verifyAuditChain(session: Session, check: AuditCheck): Promise<AuditVerification> {
  const { config, ownSchema, signal, anchors = [], onProgress = () => undefined } = check;
  const watched = await watchedRows(session, config);
  if (typeof watched === 'string') throw new StewardError('configuration', watched);
  return verifyChain(session, { ownSchema, anchors, watched, signal, onProgress });
}

function failureOf({ ok, brokenTotal, broken }: AuditVerification): string | null {
  if (ok) return null;
  const [first] = broken;
  const place = first?.table === null ? '' : `${first?.table} `;
  return `the audit chain is broken in ${brokenTotal} ${brokenTotal === 1 ? 'place' : 'places'}, the first: ${place}${first?.row}: ${first?.reason}`;
}

async function watchedRows(session: Session, config: VerifyAuditConfig): Promise<readonly WatchedRows[] | string> {
  const found: WatchedRows[] = [];
  for (const { table: name, column, value } of config.watched) {
    const table = await findTable(session, name);
    // A table that is not there holds no row outside the chain.
    if (typeof table === 'string') continue;
    if (columnNamed(table, column) === undefined) return missingColumn(table, column);
    const key = table.columns.find((each) => each.isUnique && each.notNull);
    if (key === undefined)
      return `${table.sql} has no primary key of one column: its rows cannot be named in the chain`;
    found.push({ table: table.sql, key: { name: key.name, type: key.type }, marker: { column, value } });
  }
  return found;
}

async function plan(context: JobContext): Promise<JobPlan> {
  const rows = await context.read(async (session) => {
    if (!(await ownTablesExist(session, ownTables(context.ownSchema)))) return 0;
    const read = await session.query<{ rows: number }>(
      `SELECT coalesce(pg_catalog.sum(row_count), 0)::float8 AS rows FROM ${auditTables(context.ownSchema).entries}`,
    );
    return read.rows[0]?.rows ?? 0;
  });
  const why = 'every entry and every row of the chain is read, as of one moment';
  return {
    strategy: 'whole-chain',
    why,
    rows: { total: rows },
    kept: {},
    batches: 1,
    walBytes: 0,
    seconds: rows / ROWS_PER_SECOND,
  };
}

/** Measured on two cores. */
const ROWS_PER_SECOND = 50_000;

async function cut({ batch, ownSchema, run }: RunContext, keepDays: number): Promise<void> {
  let deleted: number | null = 0;
  while (deleted !== null)
    await batch(async (session, entriesMost) => {
      deleted = await cutOldest(session, { ownSchema, keepDays, entriesMost, runId: run.id });
      return { counts: { deleted: deleted ?? 0 } };
    }, CUT_SIZES);
}
