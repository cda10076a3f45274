import type { Catalog, Index } from '../../model/catalog.js';
import { type IndexSpec, indexSpecKey, type Planner } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import { type Drop, judgeDrops } from '../index-hygiene/harmless-drops.js';
import type { CandidateOptions } from './arms.js';
import { describeStatements, type TriedIndexes } from './describe-statements.js';
import { without } from './indexes-by-table.js';
import { planAhead } from './plan-ahead.js';
import { replacedBy } from './replaced.js';
import type { ChosenIndex, IndexSelection } from './selection.js';
import type { StatementCost } from './statement-cost.js';
import { weighAlternatives } from './weigh-alternatives.js';
import { totalCost, type WorkloadCosts } from './workload-costs.js';

/** Says of a finished set what each of its indexes is worth, and what the whole is. */
export async function describeSet(
  costs: WorkloadCosts,
  set: readonly IndexSpec[],
  context: {
    readonly planner: Planner;
    readonly catalog: Catalog;
    readonly candidates: number;
    readonly tried: TriedIndexes;
    readonly blocks: CandidateOptions['blocks'];
  },
): Promise<IndexSelection> {
  const after = await costs.under(set, costs.statements);
  const chosen: ChosenIndex[] = [];
  await planAhead(
    costs,
    set.map((spec) => ({ indexes: without(set, spec), statements: costs.readersOf(spec) })),
  );
  for (const spec of set) chosen.push(await describeIndex(costs, set, spec, { ...context, after }));
  const kept = await withHarmlessDrops(chosen, { ...context, statements: costs.statements });
  kept.sort((a, b) => b.gain - a.gain || (indexSpecKey(a.spec) < indexSpecKey(b.spec) ? -1 : 1));
  return {
    chosen: kept,
    workloadCostBefore: totalCost(costs.statements, costs.base),
    workloadCostAfter: totalCost(costs.statements, after),
    writeCost: kept.reduce((sum, index) => sum + index.writeCost, 0),
    sizeBytes: kept.reduce((sum, index) => sum + index.sizeBytes, 0),
    statements: await describeStatements(costs, set, context),
    unplannable: costs.unplannable,
    candidates: context.candidates,
  };
}

/** What the definitions let go stays where planning does not show that no statement costs more without it. */
async function withHarmlessDrops(
  chosen: readonly ChosenIndex[],
  context: {
    readonly planner: Planner;
    readonly catalog: Catalog;
    readonly statements: readonly AnalyzedStatement[];
  },
): Promise<ChosenIndex[]> {
  const drops = new Map<Index, Drop>();
  for (const { spec, replaces } of chosen) {
    const table = context.catalog.tables.find(
      ({ schema, name }) => schema === spec.table.schema && name === spec.table.name,
    );
    if (table !== undefined) for (const index of replaces) drops.set(index, { table, index });
  }
  const set = chosen.map(({ spec }) => spec);
  const verdicts = await judgeDrops([...drops.values()], { ...context, set });
  return chosen.map((index) => ({
    ...index,
    replaces: index.replaces.filter((each) => verdicts.get(each)?.kind === 'harmless'),
  }));
}

async function describeIndex(
  costs: WorkloadCosts,
  set: readonly IndexSpec[],
  spec: IndexSpec,
  context: {
    readonly planner: Planner;
    readonly catalog: Catalog;
    readonly tried: TriedIndexes;
    readonly after: ReadonlyMap<AnalyzedStatement, StatementCost>;
  },
): Promise<ChosenIndex> {
  const key = indexSpecKey(spec);
  const readers = costs.readersOf(spec);
  const rest = await costs.under(without(set, spec), readers);
  const gain = readers.reduce((sum, reader) => {
    const lost = (rest.get(reader)?.perCall ?? 0) - (context.after.get(reader)?.perCall ?? 0);
    return sum + reader.statement.calls * lost;
  }, 0);
  const statements = readers.flatMap((statement) => {
    const costAfter = context.after.get(statement);
    const costBefore = costs.base.get(statement);
    if (costAfter === undefined || costBefore === undefined || !costAfter.used.has(key)) return [];
    return [
      {
        statement,
        costBefore: costBefore.perCall,
        costAfter: costAfter.perCall,
        worstBefore: costBefore.worst,
        worstAfter: costAfter.worst,
      },
    ];
  });
  const saved = (entry: (typeof statements)[number]) =>
    entry.statement.statement.calls * (entry.costBefore - entry.costAfter);
  statements.sort(
    (a, b) => saved(b) - saved(a) || (a.statement.statement.fingerprint < b.statement.statement.fingerprint ? -1 : 1),
  );
  const size = await context.planner.size(spec);
  const replaces = replacedBy(spec, size.sizeBytes, context.catalog);
  const refused = await weighAlternatives(costs, { spec, set, top: statements[0] }, context);
  return { spec, ...size, writeCost: costs.writeCost(spec), gain, statements, replaces, refused };
}
