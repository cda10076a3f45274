import { sqlStateOf } from '../../src/errors.js';
import type { Session } from '../../src/postgres/session.js';
import type { IndexSet } from './index-sets.js';
import type { IndexSwitch } from './index-switch.js';
import type { ServerClock } from './server-clock.js';

const QUERY_CANCELED = '57014';

/** A statement of the workload; each weighs the same. */
export interface Statement {
  /** `03`. */
  readonly name: string;
  readonly sql: string;
}

/** One run of a plan. */
interface Run {
  /** Planning and execution as the server counts them; the timeout where it did not end. */
  readonly wallMs: number;
  /** Backend and its workers; null where the system does not tell. */
  readonly cpuMs: number | null;
  /** Blocks of 8 kB read or found in shared buffers; infinite where it did not end. */
  readonly buffers: number;
}

/** One plan of one statement, which several sets may come to. */
interface Variant {
  readonly statement: Statement;
  readonly cost: number;
  /** One of the sets under which the statement is planned so. */
  readonly set: IndexSet;
  readonly runs: Run[];
}

/** What a set's statements took: the variants in the order of the statements. */
export interface MeasuredSet {
  readonly set: IndexSet;
  readonly variants: readonly Variant[];
}

/** What the measuring works with. */
export interface Ruler {
  readonly session: Session;
  readonly indexes: IndexSwitch;
  readonly clock: ServerClock | null;
  readonly statementTimeoutMs: number;
}

interface Explained {
  readonly Plan: Readonly<Record<string, unknown>>;
  readonly 'Planning Time'?: number;
  readonly 'Execution Time'?: number;
}

/**
 * Plans every statement under every set. Sets under which a statement has the very same plan on the very same indexes
 * share a variant and its runs: what differs between two sets is then plans alone, never the noise of the machine.
 */
export async function planSets(
  ruler: Ruler,
  work: { readonly sets: readonly IndexSet[]; readonly statements: readonly Statement[] },
): Promise<readonly MeasuredSet[]> {
  const measured: MeasuredSet[] = [];
  const known = new Map<string, Variant>();
  for (const set of work.sets) {
    await ruler.indexes.show(set.definitions);
    const variants: Variant[] = [];
    for (const statement of work.statements) {
      const { Plan } = await explain(ruler.session, statement.sql, '');
      const key = `${statement.name} ${JSON.stringify(Plan)}`;
      const variant = known.get(key) ?? { statement, set, cost: Number(Plan['Total Cost']), runs: [] };
      known.set(key, variant);
      variants.push(variant);
    }
    measured.push({ set, variants });
  }
  return measured;
}

/** Runs every variant of the sets once a round, the variants of a statement in turns; round 0 warms up and is not kept. */
export async function runRounds(
  ruler: Ruler,
  measured: readonly MeasuredSet[],
  rounds: { readonly first: number; readonly last: number },
): Promise<void> {
  const byStatement = new Map<Statement, Set<Variant>>();
  for (const variant of measured.flatMap(({ variants }) => variants)) {
    const others = byStatement.get(variant.statement) ?? new Set();
    byStatement.set(variant.statement, others.add(variant));
  }
  for (let round = rounds.first; round <= rounds.last; round += 1) {
    for (const [place, variants] of [...byStatement.values()].entries()) {
      for (const variant of turned([...variants], { by: round + place, reverse: round % 2 === 1 })) {
        // What did not end once is not waited for again.
        if (variant.runs.some(({ buffers }) => buffers === Number.POSITIVE_INFINITY)) continue;
        const run = await runOnce(ruler, variant);
        if (round > 0 || run.buffers === Number.POSITIVE_INFINITY) variant.runs.push(run);
      }
    }
  }
}

/** Each variant comes first, last and next to each other one in its turn. */
function turned<Item>(
  items: readonly Item[],
  { by, reverse }: { readonly by: number; readonly reverse: boolean },
): Item[] {
  const start = by % items.length;
  const order = [...items.slice(start), ...items.slice(0, start)];
  return reverse ? order.reverse() : order;
}

async function runOnce(ruler: Ruler, { statement, set }: Variant): Promise<Run> {
  const { session, clock, statementTimeoutMs } = ruler;
  await ruler.indexes.show(set.definitions);
  // Loads what the switch has thrown out of the backend's caches.
  await explain(session, statement.sql, '');
  const cpuFrom = clock?.readMs() ?? null;
  try {
    const explained = await explain(session, statement.sql, ', ANALYZE, BUFFERS, TIMING OFF');
    const cpuTo = clock?.readMs() ?? null;
    return {
      wallMs: (explained['Planning Time'] ?? 0) + (explained['Execution Time'] ?? 0),
      cpuMs: cpuFrom === null || cpuTo === null ? null : cpuTo - cpuFrom,
      buffers: Number(explained.Plan['Shared Hit Blocks']) + Number(explained.Plan['Shared Read Blocks']),
    };
  } catch (error) {
    if (sqlStateOf(error) !== QUERY_CANCELED) throw error;
    return { wallMs: statementTimeoutMs, cpuMs: statementTimeoutMs, buffers: Number.POSITIVE_INFINITY };
  }
}

async function explain(session: Session, sql: string, options: string): Promise<Explained> {
  const { rows } = await session.query<{ 'QUERY PLAN': readonly Explained[] }>(
    `EXPLAIN (FORMAT JSON${options}) ${sql}`,
  );
  const explained = rows[0]?.['QUERY PLAN'][0];
  if (explained === undefined) throw new Error('EXPLAIN gave no plan');
  return explained;
}
