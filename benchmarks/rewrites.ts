import { startServer } from '../src/embedded/server.js';
import type { Equivalence } from '../src/model/equivalence.js';
import { createEmptySchema } from '../src/planner/twin/empty-schema.js';
import { openSession } from '../src/postgres/session.js';
import { readSnapshot } from '../src/postgres/snapshot-reader.js';
import { openEquivalence } from '../src/proof/equivalence.js';
import { rewriteVariants } from '../src/sql/rewrite/variants.js';
import { RIGHT_BUT_FOR_CHANCE, WRONG_BESIDE_CHANCE } from '../test/proof/equivalence/chance-rewrites.js';
import { RIGHT_REWRITES } from '../test/proof/equivalence/right-rewrites.js';
import { WRONG_MOMENTS } from '../test/proof/equivalence/wrong-moments.js';
import { PAIR_SCHEMA, type RewritePair, WRONG_REWRITES } from '../test/proof/equivalence/wrong-rewrites.js';
import { REWRITE_CASES } from '../test/sql/rewrite/rewrite-cases.js';

// How many seeded wrong rewrites the comparison on tiny databases refutes, how many right ones it lets pass, for several
// seeds and numbers of databases, and how long it takes. Peer: none; the limit is 100 % and none.
const SEEDS = (process.argv[2] ?? '1,2,3').split(',').map(Number);
const DATABASES = (process.argv[3] ?? '200,600').split(',').map(Number);
/** `pairs` passes by what the program writes itself, which takes most of the time. */
const PARTS = process.argv[4] ?? 'all';
const WRONG = [...WRONG_REWRITES, ...WRONG_BESIDE_CHANCE, ...WRONG_MOMENTS];
const RIGHT = [...RIGHT_REWRITES, ...RIGHT_BUT_FOR_CHANCE];

const server = await startServer();
await server.createDatabase('pairs');
const session = await openSession(server.url('pairs'));
await session.script(PAIR_SCHEMA);
const { catalog } = await readSnapshot(session);
await session.close();

for (const databases of DATABASES)
  for (const seed of SEEDS) {
    const equivalence = openEquivalence({
      ...{ catalog, databases, seed, define: createEmptySchema },
      server: () => Promise.resolve(server),
    });
    const survivors = await judged(equivalence, WRONG, (kind) => kind !== 'differs');
    const startedMs = performance.now();
    const accused = await judged(equivalence, RIGHT, (kind) => kind !== 'no counterexample');
    const perRewriteMs = (performance.now() - startedMs) / RIGHT.length;
    const refused = PARTS === 'pairs' ? [] : await judgedVariants(equivalence);
    await equivalence.close();
    console.log(
      `${databases} databases, seed ${seed}: ${WRONG.length - survivors.length} of ${WRONG.length} wrong rewrites refuted, ` +
        `${RIGHT.length - accused.length} of ${RIGHT.length} right ones passed, ${perRewriteMs.toFixed(0)} ms a right one`,
    );
    for (const name of [...survivors, ...accused, ...refused]) console.log(`  ${name}`);
  }
await server.stop();

/** What the program itself writes in place of the cases' subqueries must pass, each of it. */
async function judgedVariants(equivalence: Equivalence): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const { name, sql } of REWRITE_CASES) {
    const texts = rewriteVariants(sql, { catalog, major: 15 }).flatMap((variant) => variant.sql ?? []);
    for (const [place, verdict] of (texts.length === 0 ? [] : await equivalence.compare(sql, texts)).entries())
      if (verdict.kind !== 'no counterexample') failures.push(`${name}: ${texts[place]}\n${JSON.stringify(verdict)}`);
  }
  return failures;
}

async function judged(
  equivalence: Equivalence,
  pairs: readonly RewritePair[],
  isFailure: (kind: string) => boolean,
): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const { name, original, rewritten } of pairs) {
    const [verdict] = await equivalence.compare(original, [rewritten]);
    if (verdict === undefined || isFailure(verdict.kind)) failures.push(`${name}: ${JSON.stringify(verdict)}`);
  }
  return failures;
}
