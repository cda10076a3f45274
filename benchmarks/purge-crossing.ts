/**
 * From which share of dead rows on a sweep over all blocks is faster than a walk along an index on their age: both ways at
 * several shares, for rows that lie oldest first, roughly so, or in no order, with the buffers that each way has asked for.
 * The time is that of the batches, the shortest of the rounds. Exit status 1 where the way that a purge picks is much slower
 * than the other.
 * Usage: tsx benchmarks/purge-crossing.ts [--rows 1000000] [--rounds 2] [--share 0.3 --share 1 …] [--order spread …]
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startServer } from '../src/embedded/server.js';
import { FULL_DUTY, force, runOwn } from './purge/own-run.js';
import { AGES_SECONDS, type AgeOrder, TokenDatabases, using } from './purge/tokens.js';

const SHARES = ['0.3', '0.7', '1', '1.3', '1.6', '2', '3', '5'];
const ORDERS: readonly AgeOrder[] = ['clustered', 'loose', 'spread'];
const WAYS = ['keyset', 'tid-range'] as const;
type Way = (typeof WAYS)[number];
/** The way that is picked may be this much slower than the other: so much do two runs of one way differ. */
const PICKED_LEAST = 0.8;

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '2' },
    share: { type: 'string', multiple: true, default: SHARES },
    order: { type: 'string', multiple: true, default: [...ORDERS] },
  },
});
const server = await startServer({
  settings: { autovacuum: 'off', shared_buffers: '1GB', max_wal_size: '16GB', checkpoint_timeout: '1h' },
});
let misses = 0;
try {
  const tokens = new TokenDatabases(server, Number(values.rows));
  console.log(`PostgreSQL ${server.version}, ${values.rows} rows, load of the machine ${loadavg()[0]?.toFixed(1)}`);
  for (const order of ORDERS.filter((each) => values.order.includes(each))) {
    await tokens.prepareAges(order, order);
    for (const share of values.share) misses += (await compare(tokens, order, Number(share) / 100)) ? 0 : 1;
  }
} finally {
  await server.stop();
}
process.exitCode = misses > 0 ? 1 : 0;

/** Tells whether the way that a purge picks is about as fast as the other, or faster. */
async function compare(tokens: TokenDatabases, order: AgeOrder, share: number): Promise<boolean> {
  const terms = { ...FULL_DUTY, graceSeconds: Math.round(AGES_SECONDS * (1 - share)) };
  const taken: Record<Way, readonly Taken[]> = { keyset: [], 'tid-range': [] };
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const way of round % 2 === 0 ? WAYS : WAYS.toReversed())
      taken[way] = [...taken[way], await tokens.with(order, (url) => walk(url, way, terms))];
  const [picked, pages] = await tokens.with(
    order,
    async (url) =>
      [
        (await runOwn(url, { terms, dryRun: true })).plan?.strategy === 'keyset' ? 'keyset' : 'tid-range',
        await pagesTouched(url, terms.graceSeconds),
      ] as const,
  );
  const ms = (way: Way) => Math.min(...taken[way].map(({ durationMs }) => durationMs));
  const buffers = (way: Way) => Math.min(...taken[way].map((each) => each.buffers));
  const other = picked === 'keyset' ? 'tid-range' : 'keyset';
  const isWell = ms(picked) * PICKED_LEAST <= ms(other);
  console.log(
    `${order.padEnd(9)} ${(share * 100).toFixed(1)} % dead on ${(pages * 100).toFixed(0).padStart(3)} % of the pages: ` +
      `keyset ${shown(ms('keyset'), buffers('keyset'))}, tid-range ${shown(ms('tid-range'), buffers('tid-range'))}; ` +
      `keyset is ${(ms('tid-range') / ms('keyset')).toFixed(2)} × as fast, ${picked} is picked${isWell ? '' : ': the slower way'}`,
  );
  return isWell;
}

function shown(durationMs: number, buffers: number): string {
  return `${durationMs.toFixed(0)} ms and ${buffers} buffers`;
}

interface Taken {
  readonly durationMs: number;
  readonly buffers: number;
}

async function walk(url: string, way: Way, terms: Readonly<Record<string, unknown>>): Promise<Taken> {
  await force(url, way);
  const before = await buffersAsked(url);
  let durationMs = 0;
  await runOwn(url, {
    terms,
    onEvent: (event) => {
      if (event.kind === 'batch done') durationMs += event.durationMs;
    },
  });
  return { durationMs, buffers: (await buffersAsked(url)) - before };
}

function buffersAsked(url: string): Promise<number> {
  return one(
    url,
    `SELECT coalesce(sum(shared_blks_hit + shared_blks_read), 0)::float8 AS figure FROM pg_stat_statements AS s
     JOIN pg_database AS d ON d.oid = s.dbid WHERE d.datname = current_database() AND query ~ 'tokens'`,
  );
}

/** Gives the share of the table's pages that hold a dead row. */
function pagesTouched(url: string, graceSeconds: number): Promise<number> {
  return one(
    url,
    `SELECT (count(DISTINCT (ctid::text::point)[0]) / (pg_relation_size('tokens') / 8192.0))::float8 AS figure
     FROM tokens WHERE expires_at <= now() - interval '${graceSeconds} s'`,
  );
}

async function one(url: string, sql: string): Promise<number> {
  const read = await using(url, (session) => session.query<{ figure: number }>(sql));
  return read.rows[0]?.figure ?? 0;
}
