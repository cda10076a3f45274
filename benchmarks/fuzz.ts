import { parseArgs } from 'node:util';
import type { EmbeddedMajor } from '../src/embedded/binaries.js';
import { startServer } from '../src/embedded/server.js';
import { fingerprint } from '../src/sql/fingerprint.js';
import { asParseFailure } from '../src/sql/parse-failure.js';
import { throughEveryDoor } from '../test/sql/rewrite/every-door.js';
import { openGround } from './fuzz/ground.js';
import type { Judgement } from './fuzz/judges.js';
import { statementsOf } from './fuzz/statements.js';
import { countsText, Tally } from './fuzz/tally.js';
import { readWorlds } from './fuzz/worlds.js';

// Statements by chance, of sqlsmith and by mutation of the project's own cases on several schemas, go through everything
// that reads SQL; every form that a rule writes in their place is compared with them as the program does, and, where it
// passes, once more on other databases. Bars: no crash, no statement that takes a reader over 2 s, and no rewrite that
// passes the verifier and differs on the second set. Peer: none.
// A difference on few databases is judged again by as many as the program itself takes.
const { values } = parseArgs({
  options: {
    statements: { type: 'string', default: '2000' },
    /** Share of sqlsmith's. */
    share: { type: 'string', default: '0.1' },
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
    /** Worlds that take part; all where none is named. */
    world: { type: 'string', multiple: true, default: [] },
  },
});
const STATEMENTS = Number(values.statements);
const SEED = Number(values.seed);
const READER_MS_MAX = 2_000;
const SHOWN_MOST = 20;
const NOTED_EVERY = 500;

const server = await startServer({ major: Number(values.major) as EmbeddedMajor });
const databases = Number(values.databases);
const again = databases * Number(values.again);
const worlds = (await readWorlds()).filter(({ name }) => values.world.length === 0 || values.world.includes(name));
const grounds = await Promise.all(worlds.map((world) => openGround(world, { server, databases, again, seed: SEED })));
const startedMs = performance.now();
const deadlineMs = startedMs + Number(values.minutes) * 60_000;
const tally = new Tally();
const failures: string[] = [];
const seen = new Set<string>();
let [read, parsed, rewritten, compared, slowestMs] = [0, 0, 0, 0, 0];
for (const { ground, sql } of statementsOf(grounds, { count: STATEMENTS, share: Number(values.share), seed: SEED })) {
  read += 1;
  const report = throughEveryDoor(sql, { ...ground.snapshot, major: server.major });
  if (report.isParsed) parsed += 1;
  for (const crash of report.crashes) failures.push(`CRASH ${crash}\n${sql}`);
  slowestMs = Math.max(slowestMs, report.slowest.cpuMs);
  if (report.slowest.cpuMs > READER_MS_MAX) failures.push(`HANG ${JSON.stringify(report.slowest)}\n${sql}`);
  if (read % NOTED_EVERY === 0) console.error(`${minutesText()}: ${read} read, ${compared} compared, ${tally.text()}`);
  if (report.rewrites.length === 0) continue;
  rewritten += 1;
  const form = [sql, ...report.rewrites.map((each) => each.sql)].map(formOf).join();
  if (seen.has(form)) continue;
  seen.add(form);
  if (performance.now() > deadlineMs) continue;
  compared += 1;
  for (const judgement of await ground.judges.judge(sql, report.rewrites)) note(judgement);
}
for (const { judges } of grounds) await judges.close();
await server.stop();
console.log(
  `seed ${SEED}: ${read} statements read in ${minutesText()}, ${parsed} of them SQL, the slowest reader took ${slowestMs.toFixed(0)} ms of the processor; ` +
    `${rewritten} can be written otherwise, in ${seen.size} forms, constants aside; rewrites of ${compared} of these on PostgreSQL ${values.major}, ` +
    `${databases} databases and ${again} others: ${tally.text()}; ${failures.length} failures`,
);
for (const [form, counts] of tally.byForm()) console.log(`  ${form}: ${countsText(counts)}`);
for (const failure of failures.slice(0, SHOWN_MOST)) console.log(`\n${failure}`);
process.exit(failures.length > 0 ? 1 : 0);

function note(judgement: Judgement): void {
  const { kind, form, text } = judgement;
  tally.add(form, kind);
  if (kind === 'wrong') {
    failures.push(`WRONG ${form}: ${text}`);
    console.error(`WRONG ${form}: ${text}\n`);
  }
  if (values.tell.includes(kind)) console.error(`${kind} ${form}: ${text}\n`);
}

function minutesText(): string {
  return `${((performance.now() - startedMs) / 60_000).toFixed(1)} min`;
}

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
