import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { advise } from '../src/advise/run.js';
import { perRowPlans } from '../src/advisors/correlated-subquery/per-row-plans.js';
import type { EmbeddedMajor } from '../src/embedded/binaries.js';
import { startServer } from '../src/embedded/server.js';
import { silentProgress } from '../src/model/progress.js';
import { parsePlan } from '../src/postgres/explain.js';
import { openSession } from '../src/postgres/session.js';
import { SHAPES, TRADE_SCHEMA } from './subquery-shapes/shapes.js';

// Ten shapes of decision support that PostgreSQL leaves as subqueries run for each row, on tables of our own: for each the
// recommendation with its measured ratio to the statement as it is, or the reason for none. Bar: none without either.
const MAJOR = Number(process.argv[2] ?? '15') as EmbeddedMajor;
const STATEMENT_TIMEOUT_MS = 3_000;
/** A statement that takes less as it is needs no recommendation. */
const FAST_MS = 100;

const server = await startServer({ major: MAJOR });
const folder = await mkdtemp(join(tmpdir(), 'pgsteward-shapes-'));
let failures = 0;
try {
  await server.createDatabase('trade');
  const session = await openSession(server.url('trade'));
  await session.script(TRADE_SCHEMA);
  await session.query('VACUUM ANALYZE');
  await session.close();
  await server.createDatabase('copy', { template: 'trade' });
  for (const { name, sql } of SHAPES) {
    await writeFile(join(folder, 'shape.sql'), `${sql};\n`);
    const { findings, skippedRules } = await advise({
      ...{ url: server.url('trade'), scratchUrl: server.url('copy'), workload: [`sql:${join(folder, 'shape.sql')}`] },
      ...{ planner: 'twin', statementTimeoutMs: STATEMENT_TIMEOUT_MS, indexBytesMax: null, indexColumnsMax: 4 },
      ...{ rules: ['correlated-subquery'], ignore: [], version: '0.0.0', progress: silentProgress },
      ...{ signal: new AbortController().signal, now: () => new Date() },
    });
    const [finding] = findings;
    const reason = finding?.message ?? skippedRules[0]?.reason ?? (await quickReason(sql));
    if (reason === null) failures += 1;
    console.log(`${name}: ${finding?.fix?.kind ?? 'none'}\n  ${reason ?? 'nothing was found'}`);
  }
} finally {
  await server.stop();
  await rm(folder, { recursive: true });
}
process.exit(failures > 0 ? 1 : 0);

/** Where nothing was found the plan runs no subquery for many rows, or the statement is quick as it is. */
async function quickReason(sql: string): Promise<string | null> {
  const session = await openSession(server.url('trade'), { statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  try {
    const { rows } = await session.query(`EXPLAIN (FORMAT JSON) ${sql}`);
    const [worst] = perRowPlans(parsePlan(rows[0]?.['QUERY PLAN']), []);
    await session.query(sql);
    const startedMs = performance.now();
    await session.query(sql);
    const durationMs = performance.now() - startedMs;
    const taken = `${durationMs.toFixed(1)} ms as it is`;
    if (worst === undefined)
      return `PostgreSQL does well by itself: it joins the subqueries, or hashes them once a call; ${taken}`;
    if (durationMs > FAST_MS) return null;
    return `PostgreSQL does well by itself: the subquery is run about ${worst.loopsEstimate} times, ${taken}`;
  } finally {
    await session.close();
  }
}
