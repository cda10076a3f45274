import { startServer } from '../../src/embedded/server.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { proveBatch } from '../../src/proof/prove-batch.js';
import { proveWriteBatch } from '../../src/proof/prove-write-batch.js';
import { writeBatch } from '../../src/sql/batch/write-batch.js';
import { parseStatement } from '../../src/sql/parse.js';
import { Draw } from './draw.js';
import { anySql, FAULTS, lateralSql, loopSql, type QueryParts } from './wrong-batches.js';
import { WRITE_FAULTS, WRITES, WRITTEN_SQL, type WriteParts } from './wrong-writes.js';

const KILLED_LEAST = 0.99;
const QUERIES_PER_SEED = 12;
const BOXES = 60;
const CALLS = 30;
const FILTERS = ["state <> 'done'", 'amount > 12', 'amount IS NOT NULL'];

interface Tally {
  seeded: number;
  killed: number;
  right: number;
  passed: number;
  readonly survivors: string[];
}

/**
 * Gives wrong batches of random queries on random databases to the proof, and right ones too; prints how many of the
 * wrong it tells and how many of the right it lets pass. Gives whether it tells enough.
 */
export async function judgeVerifier(seeds: readonly number[], isVerbose: boolean): Promise<boolean> {
  const server = await startServer();
  const tally: Tally = { seeded: 0, killed: 0, right: 0, passed: 0, survivors: [] };
  try {
    await server.createDatabase('verifier');
    const session = await openSession(server.url('verifier'));
    for (const seed of seeds) await tryOn(session, new Draw(seed * 104729), tally);
    await session.close();
  } finally {
    await server.stop();
  }
  const { seeded, killed, right, passed, survivors } = tally;
  if (isVerbose) for (const survivor of survivors) console.log(`  SURVIVED ${survivor}`);
  console.log(
    `wrong batches told: ${killed} of ${seeded} = ${(killed / seeded).toFixed(4)}; the bar is ${KILLED_LEAST}`,
  );
  console.log(`right batches that pass: ${passed} of ${right}`);
  return killed / seeded >= KILLED_LEAST && passed === right;
}

async function tryOn(session: Session, draw: Draw, tally: Tally): Promise<void> {
  await session.script(`
    DROP TABLE IF EXISTS entries;
    CREATE TABLE entries (id integer, box integer, kind integer, day date, amount integer, state text);
    INSERT INTO entries
    SELECT n, nullif(1 + (n * 7919 + ${draw.below(1000)}) % ${BOXES} * (n % 9) / 8, 1), n % 3, date '2026-01-01' + (n * 7127 % 97),
           CASE WHEN n % 10 = 0 THEN NULL ELSE n * 31 % 40 END, (ARRAY['new', 'open', 'done'])[1 + n * 17 % 3]
      FROM generate_series(1, ${draw.between(400, 900)}) AS n ORDER BY md5(n::text);
    INSERT INTO entries SELECT * FROM entries WHERE id % 12 = 0`);
  for (let query = 0; query < QUERIES_PER_SEED; query++) await tryQuery(session, { parts: partsOf(draw), draw }, tally);
  await session.script(WRITTEN_SQL);
  for (const parts of WRITES) await tryWrite(session, { parts, draw }, tally);
}

async function tryWrite(session: Session, { parts, draw }: { parts: WriteParts; draw: Draw }, tally: Tally) {
  const { text, types } = parts;
  const { tree } = parseStatement(text);
  const parameters = types.map((type, place) => ({ number: place + 1, type }));
  const made = writeBatch({ text, parameters }, tree, { repeats: parts.table === 'counters' });
  if ('reason' in made) throw new Error(`${text} has no batch: ${made.reason}`);
  const loop = {
    ...{ text, tree, varying: parameters.map(({ number }) => number) },
    calls: Array.from({ length: CALLS }, (_, place) => parts.values(draw, place)),
    relation: { schema: 'public', name: parts.table },
  };
  const verdictOf = async (sql: string) =>
    (await proveWriteBatch(session, loop, { batch: { sql, hazards: [] }, statementTimeoutMs: 5000 })).verdict;
  const { kind } = await verdictOf(made.sql);
  tally.right += 1;
  if (kind === 'equal') tally.passed += 1;
  else tally.survivors.push(`a right batch ${kind}: ${made.sql}`);
  for (const { name, wrong } of WRITE_FAULTS) {
    const sql = wrong(made.sql);
    if (sql === made.sql) continue;
    const verdict = await verdictOf(sql);
    tally.seeded += 1;
    if (verdict.kind === 'differs') tally.killed += 1;
    else tally.survivors.push(`${name}, ${JSON.stringify(verdict)}: ${text} as ${sql}`);
  }
}

async function tryQuery(session: Session, { parts, draw }: { parts: QueryParts; draw: Draw }, tally: Tally) {
  const calls = Array.from({ length: CALLS }, () =>
    parts.keys.map((key) => String(key === 'box' ? draw.between(1, BOXES) : draw.below(3))),
  );
  const varying = parts.keys.map((_, place) => place + 1);
  const loop = { text: loopSql(parts), calls, varying, isOrdered: parts.order !== null };
  const verdictOf = async (sql: string) => {
    const batch = { sql, keysBefore: parts.keys.length, keyColumn: null };
    return proveBatch(session, loop, { batch, statementTimeoutMs: 5000 });
  };
  const isPlain = parts.aggregate === null && parts.limit === null && parts.keys.length === 1;
  for (const sql of [lateralSql(parts), ...(isPlain ? [anySql(parts)] : [])]) {
    const { kind } = await verdictOf(sql);
    tally.right += 1;
    if (kind === 'equal') tally.passed += 1;
    else tally.survivors.push(`a right batch ${kind}: ${sql}`);
  }
  for (const { name, wrong } of FAULTS) {
    const sql = wrong(parts);
    if (sql === null) continue;
    const verdict = await verdictOf(sql);
    tally.seeded += 1;
    if (verdict.kind === 'differs') tally.killed += 1;
    else tally.survivors.push(`${name}, ${JSON.stringify(verdict)}: ${loop.text} as ${sql}`);
  }
}

function partsOf(draw: Draw): QueryParts {
  const aggregate = draw.chance(0.35)
    ? draw.pick(['count(*)', 'sum(amount)', 'max(amount)', 'count(amount)', 'avg(amount)'])
    : null;
  const order = aggregate === null && draw.chance(0.6) ? draw.pick(['day, id', 'amount DESC, id', 'id DESC']) : null;
  return {
    keys: draw.pick([['box'], ['box'], ['box', 'kind']]),
    columns: draw.pick([['id', 'amount'], ['id', 'day'], ['amount', 'state'], ['id']]),
    aggregate,
    // An aggregate of amounts says the same of rows without one: a filter that leaves those out alone could be lost.
    filter: draw.chance(0.5) ? draw.pick(aggregate === null ? FILTERS : FILTERS.slice(0, 1)) : null,
    order,
    limit: order !== null && draw.chance(0.5) ? draw.pick([1, 2, 3]) : null,
  };
}
