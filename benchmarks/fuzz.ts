import { parseArgs } from 'node:util';
import type { EmbeddedMajor } from '../src/embedded/binaries.js';
import { startServer } from '../src/embedded/server.js';
import { openSession } from '../src/postgres/session.js';
import { readSnapshot } from '../src/postgres/snapshot-reader.js';
import { seededRandom } from '../src/random.js';
import { fingerprint } from '../src/sql/fingerprint.js';
import { asParseFailure } from '../src/sql/parse-failure.js';
import { RIGHT_REWRITES } from '../test/proof/equivalence/right-rewrites.js';
import { PAIR_SCHEMA, WRONG_REWRITES } from '../test/proof/equivalence/wrong-rewrites.js';
import { throughEveryDoor } from '../test/sql/rewrite/every-door.js';
import { Mutations } from '../test/sql/rewrite/mutations.js';
import { REWRITE_CASES } from '../test/sql/rewrite/rewrite-cases.js';
import { type Judgement, Judges } from './fuzz/judges.js';
import { sqlsmithStatements } from './fuzz/sqlsmith.js';

// Statements by chance, of sqlsmith and by mutation of the project's own cases, go through everything that reads SQL, and
// what is written in their place is compared with them twice, on two sets of databases. Bars: no crash, no statement that
// takes a reader over 2 s, and no rewrite that passes the verifier and differs on the second set. Peer: none.
// A difference on few databases is judged again by as many as the program itself takes.
const { values } = parseArgs({
  options: {
    statements: { type: 'string', default: '2000' },
    /** Share of sqlsmith's. */
    share: { type: 'string', default: '0.25' },
    seed: { type: 'string', default: '1' },
    major: { type: 'string', default: '15' },
    /** Of the first set. */
    databases: { type: 'string', default: '60' },
    /** The second set by the first. */
    again: { type: 'string', default: '3' },
    /** After so many no more are compared. */
    minutes: { type: 'string', default: '10' },
    /** Kinds of judgements whose rewrites are printed: refuted, 'not compared'. */
    tell: { type: 'string', multiple: true, default: [] },
  },
});
const STATEMENTS = Number(values.statements);
const SEED = Number(values.seed);
const READER_MS_MAX = 2_000;
const SHOWN_MOST = 20;

const server = await startServer({ major: Number(values.major) as EmbeddedMajor });
await server.createDatabase('fuzz');
const session = await openSession(server.url('fuzz'));
await session.script(PAIR_SCHEMA);
const { catalog, statistics } = await readSnapshot(session);
await session.close();

const databases = Number(values.databases);
const again = databases * Number(values.again);
const judges = new Judges({ catalog, server, databases, again, seed: SEED });
const deadlineMs = performance.now() + Number(values.minutes) * 60_000;
const judged = new Map<Judgement['kind'], number>();
const failures: string[] = [];
const seen = new Set<string>();
let [read, parsed, rewritten, compared, slowestMs] = [0, 0, 0, 0, 0];
for (const sql of statements()) {
  read += 1;
  const report = throughEveryDoor(sql, { catalog, statistics, major: server.major });
  if (report.isParsed) parsed += 1;
  for (const crash of report.crashes) failures.push(`CRASH ${crash}\n${sql}`);
  slowestMs = Math.max(slowestMs, report.slowest.cpuMs);
  if (report.slowest.cpuMs > READER_MS_MAX) failures.push(`HANG ${JSON.stringify(report.slowest)}\n${sql}`);
  if (read % 1000 === 0)
    console.error(`${read} read, ${rewritten} rewritten, ${JSON.stringify(Object.fromEntries(judged))}`);
  if (report.rewrites.length === 0) continue;
  rewritten += 1;
  const form = [sql, ...report.rewrites].map(formOf).join();
  if (seen.has(form)) continue;
  seen.add(form);
  if (performance.now() > deadlineMs) continue;
  compared += 1;
  for (const judgement of await judges.judge(sql, report.rewrites)) {
    judged.set(judgement.kind, (judged.get(judgement.kind) ?? 0) + 1);
    if (judgement.kind === 'wrong') failures.push(`WRONG ${judgement.text}`);
    if (values.tell.includes(judgement.kind)) console.error(`${judgement.kind}: ${judgement.text}\n`);
  }
}
await judges.close();
await server.stop();
console.log(
  `seed ${SEED}: ${read} statements read, ${parsed} of them SQL, the slowest reader took ${slowestMs.toFixed(0)} ms of the processor; ` +
    `${rewritten} can be written otherwise, in ${seen.size} forms, constants aside; rewrites of ${compared} of these on PostgreSQL ${values.major}, ` +
    `${databases} databases and ${again} others: ` +
    `${[...judged].map(([kind, count]) => `${count} ${kind}`).join(', ')}; ${failures.length} failures`,
);
for (const failure of failures.slice(0, SHOWN_MOST)) console.log(`\n${failure}`);
process.exit(failures.length > 0 ? 1 : 0);

/** The same for texts that differ by constants alone. */
function formOf(text: string): string {
  try {
    return fingerprint(text);
  } catch (error) {
    // The fingerprint reaches less deep than the parser.
    if (asParseFailure(error) === null) throw error;
    return text;
  }
}

/** By turns, so that both are compared when time runs out. */
function* statements(): Iterable<string> {
  const wanted = Math.round(STATEMENTS * Number(values.share));
  const written = wanted === 0 ? [] : sqlsmithStatements(server.url('fuzz'), { count: wanted, seed: SEED });
  if (written === null) console.log('sqlsmith is not installed or failed: mutations alone are tried');
  const cases = [
    ...REWRITE_CASES.map(({ sql }) => sql),
    ...[...RIGHT_REWRITES, ...WRONG_REWRITES].flatMap((pair) => [pair.original, pair.rewritten]),
  ];
  const mutations = new Mutations(cases, { catalog, random: seededRandom(SEED) });
  const every = Math.floor(STATEMENTS / Math.max(1, wanted));
  const waiting = [...(written ?? [])];
  for (let place = 0; place < STATEMENTS; place++)
    yield (place % every === 0 ? waiting.shift() : undefined) ?? mutations.next();
}
