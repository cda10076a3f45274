import { StewardError } from '../errors.js';
import { type Progress, silentProgress } from '../model/progress.js';
import type { Session } from '../postgres/session.js';
import { ageingSteps, vacuumedLate } from './ageing.js';
import { commandSteps } from './commands.js';
import { hostSteps } from './hosts.js';
import { readSetAside } from './indexes.js';
import { packageSteps } from './packages.js';
import { peopleSteps } from './people.js';
import { SeededSql } from './randomness.js';
import { type FleetPlan, type FleetScale, planFleet } from './scale.js';
import { telemetrySteps } from './telemetry.js';

export interface FleetGeneration {
  readonly scale: FleetScale;
  /** 1 where not given; the same seed gives the same rows, but for times, which count back from the current hour. */
  readonly seed?: number;
  readonly progress?: Progress;
}

/** Rows by table. */
export type FleetSizes = Readonly<Record<string, number>>;

/** The fleet's tables stand in this schema. */
const SCHEMA = 'public';

/** Foreign keys need no order here: they are set aside while rows are loaded. Commands come before what refers to them. */
const LOADS = [...hostSteps, ...peopleSteps, ...draftsFirst(), ...telemetrySteps];

/**
 * Fills an installed, empty fleet. The rows are made on the server, by few statements in one transaction, with indexes
 * and foreign keys built (and checked) at its end; then the tables age. Needs to own the tables.
 */
export async function generateFleet(session: Session, generation: FleetGeneration): Promise<FleetSizes> {
  await refuseUnlessEmpty(session);
  const plan = planFleet(generation.scale, generation.seed ?? 1, await readAnchor(session));
  const progress = generation.progress ?? silentProgress;
  await inTransaction(session, () => load(session, plan, progress));
  await age(session, plan, progress);
  return countRows(session);
}

async function refuseUnlessEmpty(session: Session): Promise<void> {
  const { rows } = await session.query<{ installed: boolean }>(
    "SELECT pg_catalog.to_regclass('public.agents') IS NOT NULL AS installed",
  );
  if (rows[0]?.installed !== true) {
    throw new StewardError('usage', 'the database has no table public.agents to fill', {
      hint: 'install the fleet first',
    });
  }
  const { rowCount } = await session.query('SELECT 1 FROM agents LIMIT 1');
  if (rowCount > 0) {
    throw new StewardError('usage', 'the table public.agents holds rows already', {
      hint: 'generate the fleet into a freshly installed database',
    });
  }
}

/** In UTC, because days are 23 or 25 hours long elsewhere, and the rows would depend on where the session is. */
async function inTransaction(session: Session, work: () => Promise<void>): Promise<void> {
  await session.script("BEGIN; SET LOCAL timezone = 'UTC'");
  try {
    await work();
    await session.query('COMMIT');
  } catch (error) {
    // Where the connection is gone, so is the transaction: the first error is the one to tell.
    await session.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** The log names packages, and the version history names commands: drafts of both come first. */
function draftsFirst() {
  const [draftCommands, ...commands] = commandSteps;
  const steps = [...packageSteps, ...commands];
  return draftCommands === undefined ? steps : [draftCommands, ...steps];
}

async function readAnchor(session: Session): Promise<string> {
  const { rows } = await session.query<{ anchor: string }>(
    `SELECT to_char(date_trunc('hour', now(), 'UTC') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS anchor`,
  );
  return rows[0]?.anchor ?? '';
}

async function load(session: Session, plan: FleetPlan, progress: Progress): Promise<void> {
  const random = new SeededSql(plan.seed);
  const setAside = await readSetAside(session, SCHEMA);
  // Sorts and index builds of one session at a time: this stays below a gigabyte with its parallel workers.
  await session.script(`SET LOCAL work_mem = '128MB'; SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL jit = off`);
  await session.script(setAside.drop.join(';\n'));
  const step = progress.step('make the fleet', LOADS.length + setAside.restore.length);
  let done = 0;
  for (const { table, sql } of LOADS) {
    step.update(done++, table);
    await session.query(sql(plan, random));
  }
  for (const { title, sql } of setAside.restore) {
    step.update(done++, title);
    await session.query(sql);
  }
  step.end();
}

async function age(session: Session, plan: FleetPlan, progress: Progress): Promise<void> {
  const random = new SeededSql(plan.seed);
  const step = progress.step('age the fleet', ageingSteps.length + 3);
  step.update(0, 'vacuum');
  await session.query('VACUUM');
  await inTransaction(session, async () => {
    for (const [done, { table, sql }] of ageingSteps.entries()) {
      step.update(done + 1, table);
      await session.script(sql(plan, random));
    }
  });
  step.update(ageingSteps.length + 1, 'vacuum');
  await session.query(`VACUUM ${vacuumedLate.join(', ')}`);
  step.update(ageingSteps.length + 2, 'analyze');
  await session.query('ANALYZE');
  step.end();
}

async function countRows(session: Session): Promise<FleetSizes> {
  const tables = await session.query<{ name: string }>(
    'SELECT tablename AS name FROM pg_catalog.pg_tables WHERE schemaname = $1 ORDER BY tablename',
    [SCHEMA],
  );
  const counts = tables.rows.map(({ name }) => `SELECT '${name}' AS name, count(*)::float8 AS rows FROM "${name}"`);
  const { rows } = await session.query<{ name: string; rows: number }>(counts.join(' UNION ALL '));
  return Object.fromEntries(rows.map((row) => [row.name, row.rows]));
}
