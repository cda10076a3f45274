import { distinctSpecs, plannedOnOf } from '../../model/planner.js';
import type { TableScan } from '../../sql/analysis/table-scan.js';
import { listed } from '../../sql/listed.js';
import type { AnalyzedStatement, Detection, Evidence, TrialWay } from '../advisor.js';
import { countText, nameOf } from '../index-hygiene/figures.js';
import { candidateOptionsOf } from '../index-selection/candidate-options.js';
import { type UntoldCandidate, untoldCandidates } from '../index-selection/untold-candidates.js';
import { costOf } from './binding-costs.js';
import { indexWay, indexWords } from './index-ways.js';
import { columnsMaxOf } from './own-indexes.js';
import { unlessRefused } from './preparable.js';
import { readsAll } from './reads-all.js';
import { statementFinding, titleOf } from './statement-finding.js';
import { unlimited } from './unlimited.js';

/** A cheaper statement is no matter of an index. */
const COST_MIN = 1000;
/** Indexes that are built and measured for one table of a statement. */
const TRIED_MOST = 3;

/**
 * Has indexes tried on rows for conditions that the planner knows no statistics of, such as the difference of two columns,
 * where a table is read whole for them, whatever is chosen for the workload. Nothing without rows to try them on.
 */
export async function untoldConditions(
  statement: AnalyzedStatement,
  evidence: Evidence,
): Promise<readonly Detection[]> {
  if (evidence.isMeasured !== true) return [];
  const { catalog, statistics } = evidence;
  const options = { ...candidateOptionsOf(evidence, columnsMaxOf(evidence)), catalog, statistics };
  const detections: Detection[] = [];
  for (const scan of statement.analysis.scans) {
    const candidates = untoldCandidates(scan, options);
    const found = candidates.length === 0 ? null : await tryOn(scan, candidates, { statement, evidence });
    if (found !== null) detections.push(found);
  }
  return detections;
}

interface Asking {
  readonly statement: AnalyzedStatement;
  readonly evidence: Evidence;
}

async function tryOn(
  scan: TableScan,
  candidates: readonly UntoldCandidate[],
  { statement, evidence }: Asking,
): Promise<Detection | null> {
  const { planner, selection } = evidence;
  const { bindings } = statement.plannable;
  const [first] = bindings;
  const chosen = selection.chosen.map(({ spec }) => spec);
  const cost = await costOf(bindings, planner, chosen);
  // The planner expects to meet the rows of a page soon, and what it expects of that is no reason against an index.
  const whole = scan.limited ? await costOf(unlimited(bindings, evidence) ?? bindings, planner, chosen) : cost;
  const plan =
    first === undefined || whole === null || whole < COST_MIN
      ? null
      : await unlessRefused(planner.explain(first.sql, chosen));
  if (plan === null || cost === null || !readsAll(plan, scan.alias)) return null;
  const ways = await waysOf(candidates, { statement, evidence });
  const [way] = ways;
  if (way === undefined) return null;
  const plannedOn = plannedOnOf(planner, [statement.plannable]);
  const conditions = listed([...new Set(candidates.map(({ sql }) => sql))]);
  const subject = `No statistics tell how many rows of ${nameOf(scan.table)} are left by ${conditions}, and no index holds that: ${readWords(scan, whole ?? cost)}, as planned on ${plannedOn}.`;
  const found = statementFinding({
    ruleId: 'non-sargable-predicate',
    statement,
    object: scan.alias,
    title: `${titleOf(statement)} asks for what no index of ${nameOf(scan.table)} holds`,
    message: subject,
    relations: [scan.table],
    proof: { grade: 'suspected', method: plannedOn, detail: 'what it would bring shows on rows alone' },
    fix: way.fix,
    costs: { before: cost, after: null },
  });
  return found.kind === 'finding' ? { ...found, trial: { subject, bindings, ways, refuted: [] } } : found;
}

function readWords({ limited }: TableScan, cost: number): string {
  return limited
    ? `they are read until enough are found, at a planner cost of ${countText(cost)} for all of them`
    : `all of them are read, at a planner cost of ${countText(cost)} a call`;
}

/** What PostgreSQL refuses to build, such as an index on what is not immutable, is left out. */
async function waysOf(
  candidates: readonly UntoldCandidate[],
  { statement, evidence }: Asking,
): Promise<readonly TrialWay[]> {
  const ways: TrialWay[] = [];
  for (const spec of distinctSpecs(candidates.map((each) => each.spec))) {
    if (ways.length === TRIED_MOST || (await unlessRefused(evidence.planner.size(spec))) === null) continue;
    const costAfter = await costOf(statement.plannable.bindings, evidence.planner, [spec]);
    if (costAfter === null) continue;
    ways.push(indexWay([spec], { title: `an index on ${indexWords([spec])}`, costAfter }, evidence));
  }
  return ways;
}
