/**
 * Advice judged on statements that the authors of its rules have not seen: ten sets on fifty-two schemas, e to j on
 * thirty-four of them, each statement with the form that a person who tunes would write, or the word that it is well as
 * it is. Runs `advise --verify execute` on each schema and measures what it recommends on the rows. Prints how many of
 * the worthwhile ones were found (at least half of the hand-written form's speed-up, or within 0.3 ms of it),
 * recommended rewrites that differ from their original on the rows or on changes of them, and recommended rewrites that
 * are not faster; exit status 1 below 90 %, or with one of those.
 * Usage: tsx benchmarks/unseen-rewrites.ts [--set a|b|c|d|e|f|g|h|i|j] [--schema shop,billing] [--major 18] [--rounds 5]
 *   [--verbose] [--labels] [--keep DIR]
 * --labels checks the hand-written forms alone: equal, and 1.4 times as fast. --keep leaves workloads and reports there.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EMBEDDED_MAJORS } from '../src/embedded/binaries.js';
import { startServer } from '../src/embedded/server.js';
import { openSession, type Session } from '../src/postgres/session.js';
import { checkLabel } from './unseen-rewrites/check-label.js';
import { type Judgement, judge } from './unseen-rewrites/judge.js';
import { emptiedTables } from './unseen-rewrites/outcome.js';
import { askAdvice } from './unseen-rewrites/own-advice.js';
import { readSet, type StatementFile } from './unseen-rewrites/read-statements.js';
import { describeJudgement, isReached, summarise } from './unseen-rewrites/report.js';

const STATEMENT_TIMEOUT_MS = 60_000;
/** What the advice may run one statement for. */
const ADVICE_TIMEOUT = '30s';

const { values } = parseArgs({
  options: {
    set: { type: 'string', default: 'a' },
    schema: { type: 'string', default: '' },
    major: { type: 'string', default: '18' },
    rounds: { type: 'string', default: '5' },
    labels: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    keep: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const only = values.schema.split(',').filter((name) => name !== '');
const files = await readSet(values.set, only);
const folder = values.keep ?? (await mkdtemp(join(tmpdir(), 'unseen-rewrites-')));
// One backend a statement: parallel workers would measure what else the machine does.
const settings = { autovacuum: 'off', shared_buffers: '512MB', max_parallel_workers_per_gather: '0' };
const major = EMBEDDED_MAJORS.find((known) => String(known) === values.major);
if (major === undefined) throw new Error(`--major ${values.major} is none of ${EMBEDDED_MAJORS.join(', ')}`);
const server = await startServer({ major, settings });
try {
  const judgements: Judgement[] = [];
  let isLabelled = true;
  for (const file of files) {
    const url = await makeSchema(file);
    const session = await openSession(url, { statementTimeoutMs: STATEMENT_TIMEOUT_MS });
    try {
      if (values.labels) isLabelled = (await checkLabels(session, file)) && isLabelled;
      else judgements.push(...(await judgeFile(session, file)));
    } finally {
      await session.close();
    }
  }
  if (!values.labels) console.log(summarise(judgements));
  process.exitCode = (values.labels ? isLabelled : isReached(judgements)) ? 0 : 1;
} finally {
  await server.stop();
  if (values.keep === undefined) await rm(folder, { recursive: true });
}

async function makeSchema({ schema, schemaSql }: StatementFile): Promise<string> {
  await server.createDatabase(schema);
  const session = await openSession(server.url(schema));
  try {
    await session.script(schemaSql);
    // What filled the tables is not their traffic.
    await session.query('SELECT pg_catalog.pg_stat_reset()');
    await session.query('VACUUM (ANALYZE)');
  } finally {
    await session.close();
  }
  await server.createDatabase(scratchOf(schema), { template: schema });
  return server.url(schema);
}

/** The copy that the advice may build on. */
function scratchOf(schema: string): string {
  return `${schema}_scratch`;
}

async function checkLabels(session: Session, { schema, statements }: StatementFile): Promise<boolean> {
  const variations = await emptiedTables(session);
  let isRight = true;
  for (const statement of statements) {
    const { line, isAsLabelled } = await checkLabel({ session, variations, rounds }, statement);
    if (!isAsLabelled || values.verbose) console.log(`${schema}/${line}`);
    isRight &&= isAsLabelled;
  }
  return isRight;
}

async function judgeFile(session: Session, { schema, statements }: StatementFile): Promise<readonly Judgement[]> {
  const from = performance.now();
  const report = await askAdvice({
    url: server.url(schema),
    scratchUrl: server.url(scratchOf(schema)),
    statements,
    folder: join(folder, schema),
    statementTimeout: ADVICE_TIMEOUT,
  });
  console.log(
    `${schema}: advice on ${statements.length} statements in ${((performance.now() - from) / 1000).toFixed(0)} s`,
  );
  const judgements: Judgement[] = [];
  const variations = await emptiedTables(session);
  for (const statement of statements) {
    const judgement = await judge({ session, variations, rounds }, report, statement);
    for (const line of describeJudgement({ schema, judgement, isVerbose: values.verbose })) console.log(line);
    judgements.push(judgement);
  }
  return judgements;
}
