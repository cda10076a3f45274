import { testDatabase } from '../../postgres.js';
import { adviseOn } from '../advise-on.js';
import { realBuffers } from '../real-buffers.js';
import { vacuumAll } from '../vacuum-all.js';
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
  await vacuumAll(session);
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

function definitionOf(create: string): string {
  return create.replace(/^CREATE INDEX ("[^"]+"|\S+) ON (public\.)?/, '');
}

function isOn(index: string, tables: readonly string[]): boolean {
  return tables.some((table) => index.startsWith(`${table} `));
}
