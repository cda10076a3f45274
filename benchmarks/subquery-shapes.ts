import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { advise } from '../src/advise/run.js';
import type { EmbeddedMajor } from '../src/embedded/binaries.js';
import { startServer } from '../src/embedded/server.js';
import { silentProgress } from '../src/model/progress.js';
import { openSession } from '../src/postgres/session.js';
import { SHAPES, TRADE_SCHEMA } from './subquery-shapes/shapes.js';

// Ten shapes of decision support that PostgreSQL leaves as subqueries run for each row, on tables of our own: for each the
// recommendation with its measured ratio to the statement as it is, or the reason for none. Bar: none without either.
const MAJOR = Number(process.argv[2] ?? '15') as EmbeddedMajor;
const STATEMENT_TIMEOUT_MS = 3_000;
/** A statement that takes less as it is needs no recommendation. */
const FAST_MS = 100;
/** The shortest of several runs says most about a statement. */
const RUNS = 5;
/** Those alone whose name holds this. */
const NAMED = process.argv[3] ?? '';

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
  for (const { name, sql } of SHAPES.filter((shape) => shape.name.includes(NAMED))) {
    await writeFile(join(folder, 'shape.sql'), `${sql};\n`);
    const { findings, skippedRules, statements } = await advise({
      ...{ url: server.url('trade'), scratchUrl: server.url('copy'), workload: [`sql:${join(folder, 'shape.sql')}`] },
      ...{ planner: 'twin', statementTimeoutMs: STATEMENT_TIMEOUT_MS, indexBytesMax: null, indexColumnsMax: 4 },
      ...{ rules: ['correlated-subquery'], ignore: [], version: '0.0.0', progress: silentProgress },
      ...{ signal: new AbortController().signal, now: () => new Date() },
    });
    const [finding] = findings;
    const told = finding?.message ?? skippedRules[0]?.reason;
    const { reason, isQuick } =
      told === undefined ? await asItIs(statements[0]?.subqueries, sql) : { reason: told, isQuick: true };
    if (!isQuick) failures += 1;
    console.log(`${name}: ${finding?.fix?.kind ?? 'none'}\n  ${reason}`);
  }
} finally {
  await server.stop();
  await rm(folder, { recursive: true });
}
process.exit(failures > 0 ? 1 : 0);

/** What the report says of a statement that stays as it is, and whether it is quick, as one that has no reason is not to be. */
async function asItIs(told: string | undefined, sql: string) {
  const session = await openSession(server.url('trade'), { statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  try {
    let durationMs = Number.POSITIVE_INFINITY;
    for (let run = 0; run < RUNS; run++) {
      const startedMs = performance.now();
      await session.query(sql);
      durationMs = Math.min(durationMs, performance.now() - startedMs);
    }
    const reason = `${told ?? 'the report gives no reason'}; ${durationMs.toFixed(1)} ms as it is`;
    return { reason, isQuick: told !== undefined && durationMs <= FAST_MS };
  } finally {
    await session.close();
  }
}
