/**
 * How long one round of advice takes: statements over ten tables of a generated schema, from the read of the target to
 * the findings. Prints what was planned and the seconds of each phase; exit status 1 above the bar.
 * Usage: tsx benchmarks/advise-speed.ts [--statements 100] [--tables 10]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { analyzeWorkload } from '../src/advise/analyze-workload.js';
import { collect } from '../src/advise/collect.js';
import { detect } from '../src/advise/detect.js';
import { openRewriteCheck } from '../src/advise/open-rewrite-check.js';
import { selectIndexes } from '../src/advisors/index-selection/select-indexes.js';
import { startServer } from '../src/embedded/server.js';
import { silentProgress as progress } from '../src/model/progress.js';
import { buildTwin } from '../src/planner/twin/build.js';
import { openSession } from '../src/postgres/session.js';
import { fillShop, shopWorkload } from './advise-speed/shop.js';

const STATEMENTS = 100;
/** Seconds on two quiet cores, by the statements up to which they hold; more statements may take their share more. */
const SECONDS_MAX: readonly (readonly [statements: number, seconds: number])[] = [
  [STATEMENTS, 20],
  [500, 60],
  [1000, 90],
];
const MEGABYTES_MAX = 1000;

const { values } = parseArgs({
  options: { statements: { type: 'string', default: String(STATEMENTS) }, tables: { type: 'string', default: '10' } },
});
const statements = Number(values.statements);
const tables = Number(values.tables);
const folder = await mkdtemp(join(tmpdir(), 'advise-speed-'));
const server = await startServer({ settings: { autovacuum: 'off' } });
try {
  await writeFile(join(folder, 'workload.sql'), shopWorkload(statements, tables));
  await server.createDatabase('shop');
  const session = await openSession(server.url('shop'));
  await fillShop(session, tables);
  await session.close();
  const seconds = await adviseOn(server.url('shop'), `sql:${folder}`);
  const bar = secondsMax(statements);
  console.log(`${seconds.toFixed(1)} s for ${statements} statements; the bar is ${bar.toFixed(1)} s`);
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(`${megabytes.toFixed(0)} MB of memory at most, of this program alone`);
  process.exitCode = seconds <= bar && megabytes <= MEGABYTES_MAX ? 0 : 1;
} finally {
  await server.stop();
  await rm(folder, { recursive: true });
}

function secondsMax(count: number): number {
  const [known, seconds] = SECONDS_MAX.find(([most]) => count <= most) ?? SECONDS_MAX.at(-1) ?? [count, 0];
  return count <= known ? seconds : (seconds * count) / known;
}

async function adviseOn(url: string, source: string): Promise<number> {
  const from = performance.now();
  const { snapshot, workload } = await timed('reading the target', () =>
    collect({ url, workload: [source], statementTimeoutMs: 5000, progress }),
  );
  const planner = await timed('building the twin', () => buildTwin(snapshot));
  const equivalence = openRewriteCheck(snapshot.catalog);
  try {
    const analyzed = await timed('reading the statements', () =>
      analyzeWorkload({ snapshot, workload, planner }, progress),
    );
    const { catalog, statistics } = snapshot;
    const selection = await timed('selecting indexes', () =>
      selectIndexes(
        analyzed.statements,
        { planner, catalog, statistics },
        { indexBytesMax: null, indexColumnsMax: 4, progress },
      ),
    );
    const evidence = {
      workload,
      statements: analyzed.statements,
      linkages: [],
      catalog,
      statistics,
      planner,
      selection,
      equivalence,
    };
    const { findings } = await timed('writing findings', () => detect(evidence, { rules: [], ignore: [] }));
    const { requests, hits, explains } = planner.counters;
    console.log(
      `${analyzed.statements.length} statements · ${selection.candidates} candidates · ${findings.length} findings · ` +
        `${explains} explains for ${requests} requests (${hits} from the cache)`,
    );
    return (performance.now() - from) / 1000;
  } finally {
    await equivalence.close();
    await planner.close();
  }
}

/** Prints how long a phase takes, and what share of it this program's own thread works. */
async function timed<Result>(title: string, work: () => Promise<Result>): Promise<Result> {
  const from = performance.now();
  const usage = process.cpuUsage();
  const result = await work();
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(usage);
  const own = ((user + system) / 1e6).toFixed(1);
  console.log(`${title.padEnd(24)} ${seconds.toFixed(1).padStart(6)} s, of it ${own} s here`);
  return result;
}
