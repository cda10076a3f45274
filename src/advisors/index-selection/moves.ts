import { StewardError } from '../../errors.js';
import { type IndexSpec, indexSpecKey, type Planner } from '../../model/planner.js';
import type { Progress } from '../../model/progress.js';
import type { Statistics } from '../../model/statistics.js';
import type { AnalyzedStatement } from '../advisor.js';
import { candidatesOf } from './candidates.js';
import { distinctCounter } from './distinct.js';
import type { WorkloadCosts } from './workload-costs.js';

/** A table smaller than this many blocks is read whole faster than anybody notices. */
const TABLE_BLOCKS_MIN = 32;
/** A candidate stays in the running when it takes at least this share off its own statement. */
const STATEMENT_GAIN_MIN = 0.05;

/** … and this share of what all candidates together take off. */
const BEST_GAIN_SHARE_MIN = 0.25;
/** Arms of an OR or tables of a join that are served together. */
const BUNDLE_SIZE_MAX = 4;

/** One or several indexes that are added together: an OR needs one for each arm. */
export interface Move {
  readonly indexes: readonly IndexSpec[];
}

export interface FoundMoves {
  readonly moves: readonly Move[];
  /** Different candidates that were costed. */
  readonly candidates: number;
}

/** Finds what is worth adding: of each statement's candidates those that help it, alone or together. */
export async function findMoves(
  costs: WorkloadCosts,
  { planner, statistics }: { readonly planner: Planner; readonly statistics: Statistics },
  options: { readonly indexColumnsMax: number; readonly progress: Progress },
): Promise<FoundMoves> {
  const wanted = new Map<AnalyzedStatement, readonly IndexSpec[]>();
  const distinct = distinctCounter(statistics);
  for (const statement of costs.statements) {
    const scans = statement.analysis.scans.filter((scan) => scan.table.storage.blocks >= TABLE_BLOCKS_MIN);
    wanted.set(
      statement,
      scans.flatMap((scan) => candidatesOf(scan, { columnsMax: options.indexColumnsMax, distinct })),
    );
  }
  const step = options.progress.step('costing candidate indexes', costs.statements.length);
  const built = await possible([...wanted.values()].flat(), costs, planner);
  const moves = new Map<string, Move>();
  for (const [position, statement] of costs.statements.entries()) {
    const specs = distinctSpecs(wanted.get(statement) ?? []).filter((spec) => built.has(indexSpecKey(spec)));
    for (const move of await movesOf(costs, statement, specs))
      moves.set(move.indexes.map(indexSpecKey).join('\n'), move);
    step.update(position + 1);
  }
  step.end(`${built.size} candidates, ${moves.size} worth a closer look`);
  return { moves: [...moves.values()], candidates: built.size };
}

/** Leaves out what PostgreSQL refuses to build, such as an index on an expression that is not immutable. */
async function possible(
  specs: readonly IndexSpec[],
  costs: WorkloadCosts,
  planner: Planner,
): Promise<ReadonlySet<string>> {
  // Candidates that are asked for together are built together, and the plans show each statement's best at once.
  await costs.under(specs, costs.statements);
  const built = new Set<string>();
  for (const spec of distinctSpecs(specs)) {
    try {
      await planner.size(spec);
      built.add(indexSpecKey(spec));
    } catch (error) {
      if (!(error instanceof StewardError)) throw error;
    }
  }
  return built;
}

function distinctSpecs(specs: readonly IndexSpec[]): readonly IndexSpec[] {
  return [...new Map(specs.map((spec) => [indexSpecKey(spec), spec])).values()];
}

/** Keeps the candidates that help their own statement, alone or in the company that the planner itself picks. */
async function movesOf(
  costs: WorkloadCosts,
  statement: AnalyzedStatement,
  specs: readonly IndexSpec[],
): Promise<readonly Move[]> {
  if (specs.length === 0) return [];
  const base = costs.base.get(statement)?.perCall ?? 0;
  const under = async (pool: readonly IndexSpec[]) => (await costs.under(pool, [statement])).get(statement);
  const gainMax = base - ((await under(specs))?.perCall ?? base);
  if (gainMax < base * STATEMENT_GAIN_MIN) return [];
  const gainMin = Math.max(base * STATEMENT_GAIN_MIN, gainMax * BEST_GAIN_SHARE_MIN);
  const alone = new Map<IndexSpec, number>();
  for (const spec of specs) alone.set(spec, (await under([spec]))?.perCall ?? base);
  const moves: Move[] = specs
    .filter((spec) => base - (alone.get(spec) ?? base) >= gainMin)
    .map((spec) => ({ indexes: [spec] }));
  for (const pool of poolsOf(specs, moves)) {
    const cost = await under(pool);
    const used = pool.filter((spec) => cost?.used.has(indexSpecKey(spec)));
    const bestAlone = Math.min(...used.map((spec) => alone.get(spec) ?? base));
    // Values of one statement may like different indexes: that is no company.
    const isCompany = used.length > 1 && (cost?.perCall ?? base) < bestAlone * (1 - STATEMENT_GAIN_MIN);
    if (isCompany && used.length <= BUNDLE_SIZE_MAX && base - (cost?.perCall ?? base) >= gainMin)
      moves.push({ indexes: used });
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
