import type { IndexSpec, Planner } from '../../src/model/planner.js';
import type { Snapshot } from '../../src/model/snapshot.js';

const STATEMENTS = 400;
const CANDIDATES = 120;

/** Measures what one backend of the twin does in a second, on statements and indexes that it has not seen. */
export async function measureThroughput(twin: Planner, snapshot: Snapshot): Promise<string> {
  const statements = Array.from(
    { length: STATEMENTS },
    (_, number) =>
      `SELECT * FROM agent_commands WHERE status = 'sent' AND created_at < now() - interval '${number} minutes' ORDER BY created_at`,
  );
  const [warmUp, ...candidates] = candidatesOf(snapshot);
  if (warmUp === undefined) return 'no candidates';
  await twin.costs(statements, []);
  await twin.costs(statements, [warmUp]);
  const made = await timed(async () => void (await twin.costs(statements.slice(0, 1), candidates)));
  const explained = await timed(async () => {
    for (const candidate of candidates.slice(0, 5)) await twin.costs(statements, [candidate]);
  });
  const single = await timed(async () => {
    for (const candidate of candidates) await twin.costs(statements.slice(0, 1), [candidate]);
  });
  return [
    `${Math.round((STATEMENTS * 5) / (explained / 1000))} EXPLAIN/s on one backend in batches of ${STATEMENTS}`,
    `${(made / candidates.length).toFixed(1)} ms to make a candidate`,
    `${(single / candidates.length).toFixed(1)} ms for one statement with one candidate`,
  ].join(' · ');
}

async function timed(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

function candidatesOf({ catalog }: Snapshot): readonly IndexSpec[] {
  const table = catalog.tables.find(({ name }) => name === 'agent_commands');
  const columns = (table?.columns ?? []).filter(({ baseType }) => !/json/.test(baseType)).map(({ name }) => name);
  const pairs = columns.flatMap((first) => columns.map((second) => [first, second])).filter(([a, b]) => a !== b);
  return pairs.slice(0, CANDIDATES + 1).map((names) => ({
    table: { schema: 'public', name: 'agent_commands' },
    method: 'btree',
    keys: names.map((column) => ({
      ...{ column, sql: column, descending: false, nullsFirst: false },
      ...{ opclass: null, collation: null },
    })),
    include: [],
    predicate: null,
    unique: false,
  }));
}
