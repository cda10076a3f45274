import type { Finding } from '../../model/finding.js';
import { plannedOnOf } from '../../model/planner.js';
import type { StatementBinding } from '../../model/workload.js';
import { withoutWrapper } from '../../sql/forms/without-wrapper.js';
import { asParseFailure } from '../../sql/parse-failure.js';
import type { AnalyzedStatement, Detection, Evidence, Survived } from '../advisor.js';
import { countText } from '../index-hygiene/figures.js';
import { alsoWithExists } from './also-with-exists.js';
import { costOf } from './binding-costs.js';
import { checkRewrites } from './checked-rewrite.js';
import { leanText } from './lean-text.js';
import { rewriteFix, statementFinding, titleOf } from './statement-finding.js';
import { tried } from './tried-ways.js';

/** A form of statements that another form, which means the same, may be cheaper than. */
export interface OtherForm {
  readonly ruleId: string;
  /** Tells findings of one rule about one statement apart; not given for a rule that makes one alone. */
  readonly object?: string;
  /** It is tried where it can be run, whatever it costs: the planner believes in an early end that does not come. */
  readonly isTried?: true;
  /** It is tried where it is planned to cost less alone: what makes it so the statistics tell. */
  readonly isToldByCost?: true;
  /** What is compared in the place of both texts: of rows that lie behind thousands no small database has any. */
  readonly comparedAs?: (sql: string) => string;
  /** Goes on after the statement’s name: `reads one table several times`. */
  readonly title: string;
  /** What is dear about it: a sentence. */
  readonly subject: string;
  /** What it is written with. */
  readonly way: string;
  /** Gives the other form; null where a text has not this one. */
  write(sql: string, catalog: Evidence['catalog']): string | null;
  /** Gives still other forms, each under the name of its way. */
  further?(sql: string, catalog: Evidence['catalog']): readonly WrittenForm[];
}

/** A statement written otherwise. */
export interface WrittenForm {
  readonly way: string;
  readonly sql: string;
  /** It is tried where it can be run, whatever it costs: of the rows that a key has the planner knows the average alone. */
  readonly isTried?: true;
}

/** A rewrite is shown when it costs this part at most: planner costs promise more than clocks keep. */
const COST_RATIO_MAX = 0.5;
/** Where it is run afterwards, this part is enough to try it … */
const COST_RATIO_TRIED_MAX = 0.9;
/**
 * … and, for a statement that costs so many units, several times as much: a look into an index for each row is often taken
 * for dearer than it is.
 */
const COST_DEAR = 1000;
const COST_RATIO_DEAR_MAX = 5;
/** Forms that are compared with the original, each of which takes a second or so. */
const COMPARED_MOST = 3;

/** Finds the statements of a form whose other form costs less and was seen to give the same. */
export async function findOtherForm(form: OtherForm, evidence: Evidence): Promise<readonly Detection[]> {
  const detections: Detection[] = [];
  for (const statement of evidence.statements) {
    const found = await describe(statement, form, evidence);
    if (found !== null) detections.push(found);
  }
  return detections;
}

/** Finds the statements of several forms, each of which is told by itself. */
export async function findOtherForms(forms: readonly OtherForm[], evidence: Evidence): Promise<readonly Detection[]> {
  const detections: Detection[] = [];
  for (const form of forms) detections.push(...(await findOtherForm(form, evidence)));
  return detections;
}

async function describe(statement: AnalyzedStatement, form: OtherForm, evidence: Evidence): Promise<Detection | null> {
  const { planner, equivalence } = evidence;
  const original = statement.plannable.bindings;
  const forms = equivalence === undefined ? [] : written(statement.statement.text, form, evidence.catalog);
  const before = forms.length === 0 ? null : await costOf(original, planner);
  const priced = before === null ? [] : await pricedForms(statement, form, { forms, before, evidence });
  const texts = priced.map(({ text }) => text);
  const comparedAs = form.comparedAs ?? ((sql: string) => sql);
  const [own, others] = [comparedAs(statement.statement.text), texts.map(comparedAs)];
  const checked = texts.length === 0 ? [] : await checkRewrites(own, others, evidence);
  const ways = priced.flatMap((each, place) => {
    const verdict = checked[place]?.verdict;
    return verdict === undefined ? [] : [{ ...each, comparison: verdict, fix: rewriteFix(each.text) }];
  });
  const [best] = ways;
  if (best === undefined) return null;
  const { comparison, costAfter: after, fix, title } = best;
  const plannedOn = plannedOnOf(planner, [statement.plannable]);
  const found = statementFinding({
    ...{
      ruleId: form.ruleId,
      ...(form.object === undefined ? {} : { object: form.object }),
      statement,
      title: `${titleOf(statement)} ${form.title}`,
      fix,
    },
    message: `${form.subject} Written with ${title} a call falls from a planner cost of ${countText(before ?? 0)} to ${countText(after)}, as planned on ${plannedOn}. ${comparedText(comparison)}`,
    relations: statement.analysis.scans.map(({ table }) => table),
    proof: proofOf(plannedOn, comparison),
    costs: { before, after },
  });
  return tried(found, { statement, subject: form.subject, ways }, evidence);
}

interface Pricing {
  /** Of the statement’s text. */
  readonly forms: readonly WrittenForm[];
  /** What a call costs as it is. */
  readonly before: number;
  readonly evidence: Evidence;
}

interface PricedForm {
  readonly text: string;
  readonly title: string;
  readonly bindings: readonly StatementBinding[];
  readonly costAfter: number;
  readonly isTried: boolean;
}

/** The other forms of a statement that cost less, the cheapest first, and of those that are tried anyhow one at least. */
async function pricedForms(
  { plannable }: AnalyzedStatement,
  form: OtherForm,
  { forms: texts, before, evidence }: Pricing,
): Promise<readonly PricedForm[]> {
  const { planner, catalog } = evidence;
  const bound = plannable.bindings.map(({ sql, share }) => ({ share, forms: written(sql, form, catalog) }));
  const ratioMax = costRatioMax(form.isToldByCost === true ? 0 : before, evidence);
  const priced: PricedForm[] = [];
  for (const { way, sql: text, isTried: isOwnTry } of texts) {
    const bindings = bound.flatMap(({ share, forms }): StatementBinding[] => {
      const sql = forms.find((each) => each.way === way)?.sql;
      return sql === undefined ? [] : [{ sql, share }];
    });
    const costAfter = bindings.length < bound.length ? null : await costOf(bindings, planner);
    const isTried = (form.isTried ?? isOwnTry) === true && evidence.isMeasured === true;
    const isNoLess = priced.some((each) => way === leanWay(each.title) && each.costAfter === costAfter);
    if (costAfter !== null && !isNoLess && (isTried || costAfter <= before * ratioMax))
      priced.push({ text, title: way, bindings, costAfter, isTried });
  }
  priced.sort((a, b) => a.costAfter - b.costAfter);
  const [first, rest] = [priced.slice(0, COMPARED_MOST), priced.slice(COMPARED_MOST)];
  const further = first.some(({ isTried }) => isTried) ? undefined : rest.find(({ isTried }) => isTried);
  return further === undefined ? first : [...first, further];
}

/** Gives the part of a statement’s cost that a rewrite may cost to be looked at; where it is run, more is worth a try. */
export function costRatioMax(before: number, { isMeasured = false }: Evidence): number {
  if (!isMeasured) return COST_RATIO_MAX;
  return before < COST_DEAR ? COST_RATIO_TRIED_MAX : COST_RATIO_DEAR_MAX;
}

/** The other forms of a text; one that the parser does not know, such as with placeholders of its own, has none. */
function written(sql: string, form: OtherForm, catalog: Evidence['catalog']): readonly WrittenForm[] {
  try {
    const own = formsOf(sql, form, catalog);
    const bare = own.length > 0 ? null : withoutWrapper(sql);
    const lean = leanText(bare ?? sql, catalog);
    const without = lean === null ? [] : formsOf(lean, form, catalog);
    return [
      ...(bare === null ? own : formsOf(bare, form, catalog)),
      ...without.map((each) => ({ ...each, way: leanWay(each.way) })),
    ];
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return [];
  }
}

function leanWay(way: string): string {
  return `${way}, without what is joined for nothing`;
}

function formsOf(
  sql: string,
  { way, write, further }: OtherForm,
  catalog: Evidence['catalog'],
): readonly WrittenForm[] {
  const first = write(sql, catalog);
  const forms = [...(first === null ? [] : [{ way, sql: first }]), ...(further?.(sql, catalog) ?? [])];
  return alsoWithExists(forms, catalog);
}

function comparedText({ databases }: Survived): string {
  return `There was no counterexample in ${databases} generated databases.`;
}

function proofOf(method: string, { databases, telling, seed }: Survived): Finding['proof'] {
  const detail = `both forms were planned; no counterexample in ${databases} generated databases, on ${telling} of which the statement gave rows (seed ${seed})`;
  return { grade: 'planned', method, detail };
}
