import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Equivalence } from '../../../src/model/equivalence.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { createEmptySchema } from '../../../src/planner/twin/empty-schema.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { openEquivalence } from '../../../src/proof/equivalence.js';
import { seededRandom } from '../../../src/random.js';
import { testDatabase } from '../../postgres.js';
import { RIGHT_REWRITES } from '../../proof/equivalence/right-rewrites.js';
import { PAIR_SCHEMA, WRONG_REWRITES } from '../../proof/equivalence/wrong-rewrites.js';
import { twinServer } from '../../twin-server.js';
import { type OtherText, throughEveryDoor } from './every-door.js';
import { Mutations } from './mutations.js';
import { REWRITE_CASES } from './rewrite-cases.js';

/** The campaign benchmarks/fuzz.ts reads and compares many more. */
const [STATEMENTS, COMPARED, DATABASES, SEED] = [300, 12, 30, 7];

let snapshot: Snapshot;
let equivalence: Equivalence;

beforeAll(async () => {
  const { session } = await testDatabase();
  await session.script(PAIR_SCHEMA);
  snapshot = await readSnapshot(session);
  const parts = { catalog: snapshot.catalog, server: twinServer, define: createEmptySchema };
  equivalence = openEquivalence({ ...parts, databases: DATABASES, seed: SEED });
}, 60_000);

afterAll(() => equivalence.close());

describe(`${STATEMENTS} statements by chance (seed ${SEED})`, () => {
  it('bring down nothing that reads statements, and what is written in their place gives the same', async () => {
    const cases = [...RIGHT_REWRITES, ...WRONG_REWRITES].flatMap(({ original, rewritten }) => [original, rewritten]);
    const mutations = new Mutations([...cases, ...REWRITE_CASES.map(({ sql }) => sql)], {
      catalog: snapshot.catalog,
      random: seededRandom(SEED),
    });
    const statements = Array.from({ length: STATEMENTS }, () => mutations.next());
    const read = statements.map((sql) => ({ sql, ...throughEveryDoor(sql, { ...snapshot, major: 15 }) }));
    expect(read.flatMap(({ sql, crashes }) => crashes.map((crash) => `${sql}\n${crash}`))).toEqual([]);
    expect(read.filter(({ isParsed }) => isParsed).length).toBeGreaterThan(STATEMENTS / 2);
    const wrong: string[] = [];
    // Those that come with a caution may differ.
    const written = read.map(({ sql, rewrites }) => ({ sql, texts: rewrites.flatMap(equalText) }));
    for (const { sql, texts } of written.filter(({ texts: all }) => all.length > 0).slice(0, COMPARED))
      for (const [place, verdict] of (await equivalence.compare(sql, texts)).entries())
        if (verdict.kind === 'differs') wrong.push(`${sql}\n${texts[place]}\n${verdict.reason}`);
    expect(wrong).toEqual([]);
  }, 180_000);
});

function equalText({ sql, isCautious = false }: OtherText): readonly string[] {
  return isCautious ? [] : [sql];
}
