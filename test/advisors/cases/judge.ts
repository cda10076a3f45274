import type { Session } from '../../../src/postgres/session.js';
import { testDatabase } from '../../postgres.js';
import { adviseOn } from '../advise-on.js';
import { realBuffers } from '../real-buffers.js';
import { fillTables, type OwnCase } from './own-case.js';

/** What the advice said of a case, and the shared buffers of its workload, each statement as often as it is called. */
export interface Judgement {
  /** The indexes that were advised on the case's tables, as what follows `CREATE INDEX ON`, sorted. */
  readonly advised: readonly string[];
  readonly without: number;
  readonly withAdvised: number;
  /** With the expected indexes where others are advised today; with the tempting one where silence is right. */
  readonly withOther: number;
}

/** Runs one round of advice over all cases together, and really builds what it advises for each. */
export async function judge(cases: readonly OwnCase[]): Promise<ReadonlyMap<string, Judgement>> {
  const { url, session } = await testDatabase();
  await session.script('CREATE EXTENSION pg_trgm; CREATE EXTENSION citext; CREATE SCHEMA north; CREATE SCHEMA south');
  for (const each of cases) await session.script(fillTables(each));
  await vacuum(session);
  const statements = cases.flatMap((each) => each.workload);
  const { indexSet } = await adviseOn(url, statements, ['missing-index']);
  const judgements = new Map<string, Judgement>();
  for (const { name, tables, workload, expected, today, obvious } of cases) {
    const total = async (indexes: readonly string[]) => {
      const create = indexes.map((index) => `CREATE INDEX ON ${index}`);
      // An expression has statistics once its table is analyzed with the index.
      const analyze = Object.keys(tables).map((table) => `ANALYZE ${table}`);
      const buffers = await realBuffers(session, workload, indexes.length === 0 ? [] : [...create, ...analyze]);
      return workload.reduce((sum, { calls = 1000 }, place) => sum + calls * (buffers[place] ?? 0), 0);
    };
    const advised = indexSet.create.map(definitionOf).filter((index) => isOn(index, Object.keys(tables)));
    judgements.set(name, {
      advised: advised.sort(),
      without: await total([]),
      withAdvised: await total(advised),
      withOther: await total(today === undefined && obvious !== undefined ? [obvious] : expected),
    });
  }
  return judgements;
}

/** A worker's snapshot is gone after a few rounds. */
const ROUNDS_MAX = 1000;

/** Vacuums and analyzes until every block is known to be visible to all, on which index-only scans depend. */
async function vacuum(session: Session): Promise<void> {
  // Rows of a commit that is not on disk yet are not taken for visible to all.
  await session.query('CHECKPOINT');
  await session.query('VACUUM (ANALYZE)');
  for (let round = 0; ; round += 1) {
    const { rows } = await session.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_catalog.pg_class c
        WHERE c.relkind = 'r' AND c.relallvisible < c.relpages AND c.oid >= 16384 ORDER BY c.oid`,
    );
    const tables = rows.map(({ name }) => name).join(', ');
    if (tables === '') return;
    // An autovacuum worker in this database, on its catalog say, holds an older snapshot for a moment.
    if (round === ROUNDS_MAX) throw new Error(`somebody holds a snapshot that is older than ${tables}`);
    await session.query(`VACUUM ${tables}`);
  }
}

function definitionOf(create: string): string {
  return create.replace(/^CREATE INDEX ("[^"]+"|\S+) ON (public\.)?/, '');
}

function isOn(index: string, tables: readonly string[]): boolean {
  return tables.some((table) => index.startsWith(`${table} `));
}
