import { StewardError } from '../../errors.js';
import type { Catalog } from '../../model/catalog.js';
import { distinctSpecs, type IndexSpec, indexSpecKey, type Planner } from '../../model/planner.js';
import type { Progress } from '../../model/progress.js';
import type { Statistics } from '../../model/statistics.js';
import type { AnalyzedStatement } from '../advisor.js';
import { type CandidateOptions, TABLE_BLOCKS_MIN } from './arms.js';
import { candidatesOf } from './candidates.js';
import { coveringCandidates } from './covering-candidates.js';
import type { TriedIndexes } from './describe-statements.js';
import { methodCandidates } from './method-candidates.js';
import { peel } from './peel.js';
import { planAhead } from './plan-ahead.js';
import { sizeOf } from './size.js';
import type { WorkloadCosts } from './workload-costs.js';

/** A candidate stays in the running when it takes at least this share off its own statement. */
const STATEMENT_GAIN_MIN = 0.05;

/** … and this share of what all candidates together take off. */
const BEST_GAIN_SHARE_MIN = 0.25;
/** Under a budget the small ones may be all there is room for. */
const BUDGETED_GAIN_MIN = 0.002;
/** Parts of the budget that the members of a bundle may each take. */
const MEMBER_SHARES = [1, 0.4, 0.2, 0.08, 0.03];
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
  readonly tried: TriedIndexes;
}

export interface MoveOptions {
  readonly indexBytesMax: number | null;
  readonly candidates: CandidateOptions;
  readonly progress: Progress;
}

/** Finds what is worth adding: of each statement's candidates those that help it, alone or together. */
export async function findMoves(
  costs: WorkloadCosts,
  context: { readonly planner: Planner; readonly catalog: Catalog; readonly statistics: Statistics },
  options: MoveOptions,
): Promise<FoundMoves> {
  const { planner } = context;
  const wanted = new Map<AnalyzedStatement, readonly IndexSpec[]>();
  for (const statement of costs.statements) {
    const scans = statement.analysis.scans.filter(({ table }) => options.candidates.blocks(table) >= TABLE_BLOCKS_MIN);
    wanted.set(
      statement,
      scans.flatMap((scan) => [
        ...candidatesOf(scan, options.candidates),
        ...methodCandidates(scan, { ...context, ...options.candidates }),
        ...(options.indexBytesMax === null ? [] : coveringCandidates(scan, options.candidates)),
      ]),
    );
  }
  const step = options.progress.step('costing candidate indexes', costs.statements.length);
  const built = await possible([...wanted.values()].flat(), costs, planner);
  await costs.learnShares(
    [...wanted.values()].flat().filter((spec) => built.has(indexSpecKey(spec))),
    context.catalog.tables,
  );
  const moves = new Map<string, Move>();
  const tried = new Map<AnalyzedStatement, readonly IndexSpec[]>();
  const { indexBytesMax } = options;
  const helped: Helped[] = [];
  const fitting = new Map<AnalyzedStatement, readonly IndexSpec[]>();
  for (const [statement, all] of wanted) {
    const specs = distinctSpecs(all).filter((spec) => built.has(indexSpecKey(spec)));
    tried.set(statement, specs);
    fitting.set(statement, await smallerThan(specs, indexBytesMax, planner));
  }
  await planAhead(
    costs,
    [...fitting].map(([statement, indexes]) => ({ indexes, statements: [statement] })),
  );
  for (const [statement, specs] of fitting) {
    const found = await helpedBy(costs, statement, specs, indexBytesMax);
    if (found !== null) helped.push(found);
  }
  const asked = (of: (each: Helped) => readonly (readonly IndexSpec[])[]) =>
    planAhead(
      costs,
      helped.flatMap((each) => of(each).map((indexes) => ({ indexes, statements: [each.statement] }))),
    );
  await learnNotable(costs, helped);
  await asked(({ notable }) => [...notable].map((spec) => [spec]));
  for (const each of helped) each.pools.push(...(await poolsFor(costs, each, { planner, indexBytesMax })));
  await asked(({ pools }) => pools);
  for (const [position, each] of helped.entries()) {
    for (const move of await movesOf(costs, each)) moves.set(move.indexes.map(indexSpecKey).join('\n'), move);
    step.update(position + 1);
  }
  step.end(`${built.size} candidates, ${moves.size} worth a closer look`);
  return { moves: [...moves.values()], candidates: built.size, tried };
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
  const distinct = distinctSpecs(specs);
  for (const spec of distinct) {
    try {
      await planner.size(spec);
      built.add(indexSpecKey(spec));
    } catch (error) {
      if (!(error instanceof StewardError)) throw error;
    }
  }
  // A statement could not be planned beside those that are refused, whichever others it was offered with them.
  if (built.size < distinct.length) costs.forgetFailures();
  return built;
}

/** A statement that its candidates help, all of them together. */
interface Helped {
  readonly statement: AnalyzedStatement;
  readonly specs: readonly IndexSpec[];
  readonly base: number;
  readonly shareMin: number;
  readonly gainMin: number;
  /** Those that may be worth something alone. */
  readonly notable: Set<IndexSpec>;
  /** Sets in which the planner picks the members of a bundle. */
  readonly pools: (readonly IndexSpec[])[];
}

async function helpedBy(
  costs: WorkloadCosts,
  statement: AnalyzedStatement,
  specs: readonly IndexSpec[],
  indexBytesMax: number | null,
): Promise<Helped | null> {
  if (specs.length === 0) return null;
  const base = costs.base.get(statement)?.perCall ?? 0;
  // The planner's estimate under all of them is the least that the statement can cost.
  const gainMax = base - ((await costs.under(specs, [statement])).get(statement)?.planned ?? base);
  const shareMin = indexBytesMax === null ? STATEMENT_GAIN_MIN : BUDGETED_GAIN_MIN;
  if (gainMax < base * shareMin) return null;
  const gainMin = Math.max(base * shareMin, gainMax * (indexBytesMax === null ? BEST_GAIN_SHARE_MIN : 0));
  return { statement, specs, base, shareMin, gainMin, notable: new Set(), pools: [] };
}

/** Notes the candidates that may be worth something alone: the rest are not even all together. */
async function learnNotable(costs: WorkloadCosts, helped: readonly Helped[]): Promise<void> {
  await peel(
    costs,
    helped.map(({ statement, specs, base, gainMin, notable }) => ({
      ...{ statement, there: [], offered: specs },
      look: ({ picked, planned }) => {
        if (base - planned < gainMin) return false;
        for (const spec of picked) notable.add(spec);
        return true;
      },
    })),
  );
}

async function costAlone(costs: WorkloadCosts, { statement, base }: Helped, spec: IndexSpec): Promise<number> {
  return (await costs.under([spec], [statement])).get(statement)?.perCall ?? base;
}

async function singlesOf(costs: WorkloadCosts, helped: Helped): Promise<readonly Move[]> {
  const moves: Move[] = [];
  for (const spec of helped.specs.filter((each) => helped.notable.has(each)))
    if (helped.base - (await costAlone(costs, helped, spec)) >= helped.gainMin) moves.push({ indexes: [spec] });
  return moves;
}

async function poolsFor(
  costs: WorkloadCosts,
  helped: Helped,
  { planner, indexBytesMax }: { readonly planner: Planner; readonly indexBytesMax: number | null },
): Promise<readonly (readonly IndexSpec[])[]> {
  const { specs } = helped;
  const pools = [...poolsOf(specs, await singlesOf(costs, helped))];
  for (const share of indexBytesMax === null ? [] : MEMBER_SHARES)
    pools.push(await smallerThan(specs, share * (indexBytesMax ?? 0), planner));
  return pools;
}

/** Keeps the candidates that help their own statement, alone or in the company that the planner itself picks. */
async function movesOf(costs: WorkloadCosts, helped: Helped): Promise<readonly Move[]> {
  const { statement, base, shareMin, gainMin, pools } = helped;
  const moves = [...(await singlesOf(costs, helped))];
  for (const pool of pools) {
    const cost = (await costs.under(pool, [statement])).get(statement);
    const used = pool.filter((spec) => cost?.used.has(indexSpecKey(spec)));
    const alone: number[] = [];
    for (const spec of used) alone.push(await costAlone(costs, helped, spec));
    // Values of one statement may like different indexes: that is no company.
    const isCompany = used.length > 1 && (cost?.perCall ?? base) < Math.min(...alone) * (1 - shareMin);
    if (isCompany && used.length <= BUNDLE_SIZE_MAX && base - (cost?.perCall ?? base) >= gainMin)
      moves.push({ indexes: used });
  }
  return moves;
}

async function smallerThan(
  specs: readonly IndexSpec[],
  bytesMax: number | null,
  planner: Planner,
): Promise<readonly IndexSpec[]> {
  if (bytesMax === null) return specs;
  const small: IndexSpec[] = [];
  for (const spec of specs) if ((await sizeOf([spec], planner)) <= bytesMax) small.push(spec);
  return small;
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
