/**
 * How near the planner twin comes to the server that it copies: for each statement the plan without a candidate index
 * and with it, on the twin and on a server where that index is really built; beside it HypoPG on the same server.
 * Prints the table; exit status 1 outside the bars.
 * Usage: tsx benchmarks/twin-accuracy.ts [--major 15|16|17|18|all] [--scale tiny|small|full] [--tables N]
 */
import { parseArgs } from 'node:util';
import type { EmbeddedMajor } from '../src/embedded/binaries.js';
import type { FleetScale } from '../src/fleet/scale.js';
import { buildTwin } from '../src/planner/twin/build.js';
import { readSnapshot } from '../src/postgres/snapshot-reader.js';
import { makeHarbour } from '../test/planner/harbour.js';
import { type Fleet, onFleet } from './fleet/on-fleet.js';
import { PARCELS } from './twin-accuracy/cases.js';
import { openPeer } from './twin-accuracy/hypopg.js';
import { measureManyTables } from './twin-accuracy/many-tables.js';
import { measureAll } from './twin-accuracy/measure.js';
import { report } from './twin-accuracy/report.js';
import { measureThroughput } from './twin-accuracy/throughput.js';

const { values } = parseArgs({
  options: {
    major: { type: 'string', default: 'all' },
    scale: { type: 'string', default: 'small' },
    tables: { type: 'string' },
  },
});
const scale = values.scale as FleetScale;
const majors = values.major === 'all' ? ([15, 18] as const) : [Number(values.major) as EmbeddedMajor];
const SETTINGS = { autovacuum: 'off', max_wal_size: '4GB' };
let passed = true;
for (const major of majors) {
  const run =
    values.tables === undefined
      ? onFleet({ variant: 'flawed', scale, major, settings: SETTINGS }, runFleet)
      : measureManyTables(major, Number(values.tables));
  passed = (await run) && passed;
}
process.exitCode = passed ? 0 : 1;

async function runFleet({ url, session, server }: Fleet): Promise<boolean> {
  await session.script(PARCELS);
  // Broken HOT chains would make a new index useless to the transaction that builds it: this ends in VACUUM, ANALYZE.
  await makeHarbour(session);
  const readFrom = performance.now();
  const snapshot = await readSnapshot(session);
  const buildFrom = performance.now();
  const twin = await buildTwin(snapshot);
  const builtAt = performance.now();
  const peer = await openPeer(session, url);
  try {
    console.log(`\nPostgreSQL ${server.version}, fleet at scale ${scale} and harbour, planned on ${twin.describe()}`);
    console.log(
      `snapshot read in ${ms(buildFrom - readFrom)}, twin built in ${ms(builtAt - buildFrom)}; ${peer.title}`,
    );
    const ok = report(await measureAll(session, { twin, peer: peer.planner }));
    console.log(await measureThroughput(twin, snapshot));
    return ok;
  } finally {
    await peer.planner?.close();
    await twin.close();
  }
}

function ms(duration: number): string {
  return `${Math.round(duration)} ms`;
}
