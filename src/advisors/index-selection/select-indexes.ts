import { StewardError } from '../../errors.js';
import type { Catalog, Table } from '../../model/catalog.js';
import { type IndexSpec, indexSpecKey, type Planner } from '../../model/planner.js';
import type { Progress } from '../../model/progress.js';
import type { Statistics } from '../../model/statistics.js';
import type { KeyExpression } from '../../sql/analysis/table-scan.js';
import type { AnalyzedStatement } from '../advisor.js';
import { candidatesOf } from './candidates.js';
import { growSet } from './greedy.js';
import { pruneSet } from './prune.js';
import { reorderKeys } from './reorder.js';
import type { ChosenIndex, IndexSelection } from './selection.js';
import { type StatementCost, WorkloadCosts } from './workload-costs.js';
import { writeCostOf } from './write-cost.js';

export interface SelectionOptions {
  /** Total size of the new indexes; null for no limit. */
  readonly indexBytesMax: number | null;
  readonly indexColumnsMax: number;
  readonly progress: Progress;
}

/** A table smaller than this many blocks is read whole faster than anybody notices. */
const TABLE_BLOCKS_MIN = 32;
/** A candidate stays in the running when it takes at least this share off its own statement. */
const STATEMENT_GAIN_MIN = 0.05;

/** One or several indexes that are added together: an OR needs one for each arm. */
export interface Move {
  readonly indexes: readonly IndexSpec[];
}

/**
 * Chooses indexes for a whole workload: candidates of each statement are costed for that statement, the worthwhile
 * ones compete for the whole workload, greedily by net gain, and what the finished set does not need is taken out.
 */
export async function selectIndexes(
  statements: readonly AnalyzedStatement[],
  context: { readonly planner: Planner; readonly catalog: Catalog; readonly statistics: Statistics },
  options: SelectionOptions,
): Promise<IndexSelection> {
  const costs = await WorkloadCosts.open(context.planner, statements);
  const { moves, candidates } = await findMoves(costs, context, options);
  const grown = await growSet(costs, moves, {
    indexBytesMax: options.indexBytesMax,
    planner: context.planner,
    progress: options.progress,
  });
  const kept = await pruneSet(costs, await reorderKeys(costs, await pruneSet(costs, grown)));
  return describeSet(costs, kept, { planner: context.planner, candidates });
}

async function findMoves(
  costs: WorkloadCosts,
  { planner, statistics }: { readonly planner: Planner; readonly statistics: Statistics },
  options: SelectionOptions,
): Promise<{ moves: readonly Move[]; candidates: number }> {
  const distinct = distinctCounter(statistics);
  const step = options.progress.step('costing candidate indexes', costs.statements.length);
  const moves = new Map<string, Move>();
  const seen = new Set<string>();
  for (const [position, statement] of costs.statements.entries()) {
    const wanted = statement.analysis.scans
      .filter((scan) => scan.table.storage.blocks >= TABLE_BLOCKS_MIN)
      .flatMap((scan) => candidatesOf(scan, { columnsMax: options.indexColumnsMax, distinct }));
    // Candidates that are asked for together are built together.
    await costs.under(wanted, [statement]);
    const specs = await possible(wanted, planner);
    for (const spec of specs) seen.add(indexSpecKey(spec));
    for (const move of await movesOf(costs, statement, specs))
      moves.set(move.indexes.map(indexSpecKey).join('\n'), move);
    step.update(position + 1);
  }
  step.end(`${seen.size} candidates, ${moves.size} worth a closer look`);
  return { moves: [...moves.values()], candidates: seen.size };
}

/** Leaves out what PostgreSQL refuses to build, such as an index on an expression that is not immutable. */
async function possible(specs: readonly IndexSpec[], planner: Planner): Promise<readonly IndexSpec[]> {
  const built: IndexSpec[] = [];
  for (const spec of new Map(specs.map((each) => [indexSpecKey(each), each])).values()) {
    try {
      await planner.size(spec);
      built.push(spec);
    } catch (error) {
      if (!(error instanceof StewardError)) throw error;
    }
  }
  return built;
}

/** Keeps the candidates that help their own statement, alone or in the company that the planner itself picks. */
async function movesOf(
  costs: WorkloadCosts,
  statement: AnalyzedStatement,
  specs: readonly IndexSpec[],
): Promise<readonly Move[]> {
  const base = costs.base.get(statement);
  if (specs.length === 0 || base === undefined) return [];
  const enough = (cost: StatementCost | undefined) =>
    cost !== undefined && cost.perCall <= base.perCall * (1 - STATEMENT_GAIN_MIN);
  const together = (await costs.under(specs, [statement])).get(statement);
  if (together === undefined || !enough(together)) return [];
  const moves: Move[] = [];
  for (const spec of specs) {
    if (enough((await costs.under([spec], [statement])).get(statement))) moves.push({ indexes: [spec] });
  }
  for (const pool of poolsOf(specs, moves)) {
    const cost = (await costs.under(pool, [statement])).get(statement);
    const used = pool.filter((spec) => cost?.used.has(indexSpecKey(spec)));
    if (used.length > 1 && used.length <= 4 && enough(cost)) moves.push({ indexes: used });
  }
  return moves;
}

/** Pools in which the planner picks the members of a bundle: all, the whole indexes alone, the partial ones alone. */
function poolsOf(specs: readonly IndexSpec[], singles: readonly Move[]): readonly (readonly IndexSpec[])[] {
  const alone = new Set(singles.flatMap((move) => move.indexes));
  const pools = [
    specs,
    specs.filter((spec) => spec.predicate === null),
    specs.filter((spec) => spec.predicate !== null),
  ];
  return [...pools, specs.filter((spec) => !alone.has(spec))].filter((pool) => pool.length > 1);
}

function distinctCounter(statistics: Statistics): (table: Table, key: KeyExpression) => number {
  const byColumn = new Map(
    statistics.columns.map((column) => [`${column.schema}.${column.table}.${column.column}`, column.distinct]),
  );
  return (table, key) => {
    const distinct = byColumn.get(`${table.schema}.${table.name}.${key.column ?? ''}`) ?? 0;
    return distinct < 0 ? -distinct * Math.max(table.storage.tuples, 0) : distinct;
  };
}

async function describeSet(
  costs: WorkloadCosts,
  set: readonly IndexSpec[],
  context: { readonly planner: Planner; readonly candidates: number },
): Promise<IndexSelection> {
  const after = await costs.under(set, costs.statements);
  const chosen: ChosenIndex[] = [];
  for (const spec of set) chosen.push(await describeIndex(costs, set, spec, { planner: context.planner, after }));
  chosen.sort((a, b) => b.gain - a.gain || (indexSpecKey(a.spec) < indexSpecKey(b.spec) ? -1 : 1));
  const total = (of: ReadonlyMap<AnalyzedStatement, StatementCost>) =>
    costs.statements.reduce((sum, statement) => sum + statement.statement.calls * (of.get(statement)?.perCall ?? 0), 0);
  return {
    chosen,
    workloadCostBefore: total(costs.base),
    workloadCostAfter: total(after),
    writeCost: chosen.reduce((sum, index) => sum + index.writeCost, 0),
    sizeBytes: chosen.reduce((sum, index) => sum + index.sizeBytes, 0),
    unplannable: costs.unplannable,
    candidates: context.candidates,
  };
}

async function describeIndex(
  costs: WorkloadCosts,
  set: readonly IndexSpec[],
  spec: IndexSpec,
  context: { readonly planner: Planner; readonly after: ReadonlyMap<AnalyzedStatement, StatementCost> },
): Promise<ChosenIndex> {
  const key = indexSpecKey(spec);
  const readers = costs.readersOf(spec);
  const without = await costs.under(
    set.filter((other) => other !== spec),
    readers,
  );
  const gain = readers.reduce((sum, reader) => {
    const lost = (without.get(reader)?.perCall ?? 0) - (context.after.get(reader)?.perCall ?? 0);
    return sum + reader.statement.calls * lost;
  }, 0);
  const statements = readers.flatMap((statement) => {
    const costAfter = context.after.get(statement);
    const costBefore = costs.base.get(statement);
    if (costAfter === undefined || costBefore === undefined || !costAfter.used.has(key)) return [];
    return [{ statement, costBefore: costBefore.perCall, costAfter: costAfter.perCall }];
  });
  const saved = (entry: (typeof statements)[number]) =>
    entry.statement.statement.calls * (entry.costBefore - entry.costAfter);
  statements.sort(
    (a, b) => saved(b) - saved(a) || (a.statement.statement.fingerprint < b.statement.statement.fingerprint ? -1 : 1),
  );
  const size = await context.planner.size(spec);
  return { spec, ...size, writeCost: writeCostOf(spec, costs.statements), gain, statements };
}
