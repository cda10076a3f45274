import type { Catalog } from '../../model/catalog.js';
import { type IndexSpec, indexSpecKey, type Planner } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import type { CandidateOptions } from './arms.js';
import { describeStatements, type TriedIndexes } from './describe-statements.js';
import { replacedBy } from './replaced.js';
import type { ChosenIndex, IndexSelection } from './selection.js';
import { weighAlternatives } from './weigh-alternatives.js';
import { type StatementCost, totalCost, type WorkloadCosts } from './workload-costs.js';

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
  for (const spec of set) chosen.push(await describeIndex(costs, set, spec, { ...context, after }));
  chosen.sort((a, b) => b.gain - a.gain || (indexSpecKey(a.spec) < indexSpecKey(b.spec) ? -1 : 1));
  return {
    chosen,
    workloadCostBefore: totalCost(costs.statements, costs.base),
    workloadCostAfter: totalCost(costs.statements, after),
    writeCost: chosen.reduce((sum, index) => sum + index.writeCost, 0),
    sizeBytes: chosen.reduce((sum, index) => sum + index.sizeBytes, 0),
    statements: await describeStatements(costs, set, context),
    unplannable: costs.unplannable,
    candidates: context.candidates,
  };
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
