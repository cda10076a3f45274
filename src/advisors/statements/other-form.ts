import type { Finding } from '../../model/finding.js';
import { plannedOnOf } from '../../model/planner.js';
import type { StatementBinding } from '../../model/workload.js';
import { asParseFailure } from '../../sql/parse-failure.js';
import type { AnalyzedStatement, Detection, Evidence, Survived } from '../advisor.js';
import { countText } from '../index-hygiene/figures.js';
import { costOf } from './binding-costs.js';
import { checkRewrites } from './checked-rewrite.js';
import { rewriteFix, statementFinding, titleOf } from './statement-finding.js';

/** A form of statements that another form, which means the same, may be cheaper than. */
export interface OtherForm {
  readonly ruleId: string;
  /** Goes on after the statement’s name: `reads one table several times`. */
  readonly title: string;
  /** What is dear about it: a sentence. */
  readonly subject: string;
  /** What it is written with. */
  readonly way: string;
  /** Gives the other form; null where a text has not this one. */
  write(sql: string, catalog: Evidence['catalog']): string | null;
}

/** A rewrite is shown when it costs this part at most: planner costs promise more than clocks keep. */
const COST_RATIO_MAX = 0.5;
/** Where it is run afterwards, this part is enough to try it. */
const COST_RATIO_TRIED_MAX = 0.9;

/** Finds the statements of a form whose other form costs less and was seen to give the same. */
export async function findOtherForm(form: OtherForm, evidence: Evidence): Promise<readonly Detection[]> {
  const detections: Detection[] = [];
  for (const statement of evidence.statements) {
    const found = await describe(statement, form, evidence);
    if (found !== null) detections.push(found);
  }
  return detections;
}

async function describe(statement: AnalyzedStatement, form: OtherForm, evidence: Evidence): Promise<Detection | null> {
  const { planner, catalog, equivalence } = evidence;
  const original = statement.plannable.bindings;
  const text = written(statement.statement.text, form, catalog);
  const bindings = original.flatMap(({ sql, share }): StatementBinding[] => {
    const other = written(sql, form, catalog);
    return other === null ? [] : [{ sql: other, share }];
  });
  if (text === null || bindings.length < original.length || equivalence === undefined) return null;
  const before = await costOf(original, planner);
  const after = await costOf(bindings, planner);
  if (before === null || after === null || after > before * costRatioMax(evidence)) return null;
  const [checked] = await checkRewrites(statement.statement.text, [text], evidence);
  if (checked == null) return null;
  const { verdict } = checked;
  const plannedOn = plannedOnOf(planner, [statement.plannable]);
  const fix = rewriteFix(text);
  const found = statementFinding({
    ...{ ruleId: form.ruleId, statement, title: `${titleOf(statement)} ${form.title}`, fix },
    message: `${form.subject} Written with ${form.way} a call falls from a planner cost of ${countText(before)} to ${countText(after)}, as planned on ${plannedOn}. ${comparedText(verdict)}`,
    relations: statement.analysis.scans.map(({ table }) => table),
    proof: proofOf(plannedOn, verdict),
    costs: { before, after },
  });
  const { subject, way: title } = form;
  return tried(found, { subject, title, original, bindings, costAfter: after, comparison: verdict }, evidence);
}

/** A rewrite of a statement that no difference was seen of. */
export interface TriedForm {
  /** Sentences about the statement as it is. */
  readonly subject: string;
  /** What it is written with. */
  readonly title: string;
  readonly original: readonly StatementBinding[];
  readonly bindings: readonly StatementBinding[];
  readonly costAfter: number;
  readonly comparison: Survived;
}

/** Has what a finding recommends run on rows, where there are some. */
export function tried(
  found: Detection,
  { subject, title, original, bindings, costAfter, comparison }: TriedForm,
  { isMeasured = false }: Evidence,
): Detection {
  if (found.kind !== 'finding' || found.fix === null || !isMeasured) return found;
  const { fix } = found;
  const way = { kind: 'rewrite', title, createSql: [], bindings, fix, costAfter, comparison } as const;
  return { ...found, trial: { subject, bindings: original, ways: [way], refuted: [] } };
}

/** Gives the part of the cost as it is that a rewrite may cost to be looked at; where it is run, more is worth a try. */
export function costRatioMax({ isMeasured = false }: Evidence): number {
  return isMeasured ? COST_RATIO_TRIED_MAX : COST_RATIO_MAX;
}

/** A text that the parser does not know, such as one with placeholders of its own, has no other form. */
function written(sql: string, { write }: OtherForm, catalog: Evidence['catalog']): string | null {
  try {
    return write(sql, catalog);
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return null;
  }
}

function comparedText({ databases }: Survived): string {
  return `There was no counterexample in ${databases} generated databases.`;
}

function proofOf(method: string, { databases, telling, seed }: Survived): Finding['proof'] {
  const detail = `both forms were planned; no counterexample in ${databases} generated databases, on ${telling} of which the statement gave rows (seed ${seed})`;
  return { grade: 'planned', method, detail };
}
