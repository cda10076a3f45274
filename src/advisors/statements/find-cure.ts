import type { Node } from '@pgsql/types';
import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import type { StatementBinding } from '../../model/workload.js';
import { deparseNode } from '../../sql/deparse.js';
import { namesParameter } from '../../sql/parameters.js';
import { quoteIdentifier } from '../../sql/quote.js';
import { visit } from '../../sql/walk.js';
import { withNode } from '../../sql/with-node.js';
import type { AnalyzedStatement, Evidence } from '../advisor.js';
import { distinctValues, statisticsOf } from '../schema/column-statistics.js';
import { costOf } from './binding-costs.js';
import { type CheckedRewrite, checkRewrites } from './checked-rewrite.js';
import { indexOn } from './index-on.js';
import { ownIndexes } from './own-indexes.js';
import type { ReadStatement } from './read-statement.js';
import type { SargableForm } from './sargable-form.js';
import { isCutShort, unlimited } from './unlimited.js';
import { type Unwrapped, unwrappedStatements } from './unwrap.js';
import type { WrappedColumn } from './wrapped-columns.js';

/** What a condition costs as it stands, and what it would. */
export interface Cure {
  readonly costBefore: number;
  readonly costAfter: number;
  /** Both costs are of the statement without its LIMIT, which the planner takes for an early end. */
  readonly isUnlimited: boolean;
  /** The statement with the bare column, checked; null where only an index helps. */
  readonly rewrite: (CheckedRewrite & Pick<Unwrapped, 'bindings'>) | null;
  /** What may differ at the edges all the same, where the comparison came upon nothing; null where nothing may. */
  readonly caution: string | null;
  /** What the rewrite is written with; null for the column bare, and where there is no rewrite. */
  readonly way: string | null;
  /** Indexes to build beside it, or one on the expression; empty for none. */
  readonly indexes: readonly IndexSpec[];
  /** A form that is as cheap, and differs from the statement in some cases. */
  readonly unequal: { readonly text: string; readonly caution: string; readonly costAfter: number } | null;
}

/** A cure is worth telling where it leaves at most this share of the cost, and saves so many planner units. */
const COST_SHARE_MAX = 0.5;
const COST_SAVED_MIN = 10;

/** Indexes of a form’s own are looked for where it is not worth it otherwise, from this cost of the statement on. */
const COST_OWN_MIN = 1000;
/** They are taken where they leave this share of what one on the column leaves, at most. */
const OWN_SHARE_MAX = 0.7;

interface Site {
  readonly place: number;
  readonly wrapped: WrappedColumn;
  readonly evidence: Evidence;
}

/** Looks for a form of the condition, or an index on it, that halves the cost; null where there is none. */
export async function cureOf(statement: AnalyzedStatement, read: ReadStatement, site: Site): Promise<Cure | null> {
  const { evidence, wrapped } = site;
  const isUnlimited = isCutShort(wrapped, evidence.statistics);
  const weighed = (bindings: readonly StatementBinding[]) => (isUnlimited ? unlimited(bindings, evidence) : bindings);
  const original = weighed(statement.plannable.bindings);
  const costBefore = original === null ? null : await costOf(original, evidence.planner);
  if (original === null || costBefore === null || costBefore < COST_SAVED_MIN) return null;
  const weighing: Weighing = { costBefore, isUnlimited, weighed };
  const priced = await pricedForms(
    unwrappedStatements(statement, read, { ...site, catalog: evidence.catalog }),
    { ...site, statement },
    weighing,
  );
  const texts = priced.map(({ text }) => text);
  const checked = await checkRewrites(statement.statement.text, texts, evidence);
  const [equal] = priced.flatMap((each, place) => {
    const rewrite = checked[place];
    return rewrite == null ? [] : [{ ...each, rewrite }];
  });
  const differing = priced.find((each, place) => checked[place] == null && each.form.caution !== null);
  const unequal =
    differing === undefined
      ? null
      : { text: differing.text, caution: differing.form.caution ?? '', costAfter: differing.costAfter };
  if (equal !== undefined) {
    const rewrite = { ...equal.rewrite, bindings: equal.bindings };
    const { costAfter, indexes } = await bestIndexed(equal, { ...site, statement }, weighing);
    const { caution, way = null } = equal.form;
    return { costBefore, isUnlimited, costAfter, indexes, unequal, rewrite, caution, way };
  }
  const index = isSelective(site) ? expressionIndex(wrapped) : null;
  const costAfter = index === null ? null : await costOf(original, evidence.planner, [index]);
  if (index === null || !isWorthIt(costAfter, costBefore)) return null;
  return { costBefore, isUnlimited, costAfter, rewrite: null, caution: null, way: null, indexes: [index], unequal };
}

interface Weighing {
  readonly costBefore: number;
  readonly isUnlimited: boolean;
  /** The statements whose costs are held against each other. */
  weighed(bindings: readonly StatementBinding[]): readonly StatementBinding[] | null;
}

/** A site with the statement that it is in. */
interface OwnSite extends Site {
  readonly statement: AnalyzedStatement;
}

interface PricedForm extends Unwrapped {
  readonly indexes: readonly IndexSpec[];
  readonly costAfter: number;
}

/** Forms that are worth it, each with the indexes that it wants for that: none, one on the column, those of its own. */
async function pricedForms(forms: readonly Unwrapped[], site: OwnSite, weighing: Weighing) {
  const { costBefore, weighed } = weighing;
  const priced: PricedForm[] = [];
  for (const form of forms) {
    const bindings = weighed(form.bindings);
    const bare = formIndex(site.wrapped, form.form);
    const plain = bare === null ? [[]] : [[], [bare]];
    let found: PricedForm | null = null;
    for (const indexes of plain) {
      const costAfter = bindings === null ? null : await costOf(bindings, site.evidence.planner, indexes);
      if (!isWorthIt(costAfter, costBefore)) continue;
      found = { ...form, indexes, costAfter };
      break;
    }
    found ??= costBefore < COST_OWN_MIN ? null : await ownForm(form, site, weighing);
    if (found !== null && isWorthIt(found.costAfter, costBefore)) priced.push(found);
  }
  return priced;
}

async function bestIndexed(form: PricedForm, site: OwnSite, weighing: Weighing): Promise<PricedForm> {
  const own = await ownForm(form, site, weighing);
  return own !== null && own.costAfter <= form.costAfter * OWN_SHARE_MAX ? own : form;
}

/** A form under the indexes that the selection chooses for all of the statement. */
async function ownForm(
  form: Unwrapped,
  { statement, evidence }: OwnSite,
  { weighed }: Weighing,
): Promise<PricedForm | null> {
  const bindings = weighed(form.bindings);
  const own = bindings === null ? null : await ownIndexes(statement, { text: form.text, bindings }, evidence);
  return own === null ? null : { ...form, ...own };
}

function isWorthIt(cost: number | null, costBefore: number): cost is number {
  return cost !== null && cost <= costBefore * COST_SHARE_MAX && costBefore - cost >= COST_SAVED_MIN;
}

/** With fewer values in a column, what is made of it has fewer still: the planner takes 200 where it does not know. */
const VALUES_MIN = 50;

function isSelective({ wrapped: { column }, evidence: { statistics } }: Site): boolean {
  const { table } = column.relation;
  const found = table === null ? null : statisticsOf(statistics, table, column.name);
  return found !== null && table !== null && distinctValues(found, table) >= VALUES_MIN;
}

/** The index that serves a form: on the bare column, or on what the form makes of it. */
function formIndex({ column: { relation, name } }: WrappedColumn, form: SargableForm): IndexSpec | null {
  const { indexed, opclass = null } = form;
  const key =
    indexed === undefined ? { column: name, sql: quoteIdentifier(name) } : { column: null, sql: `(${indexed})` };
  return relation.table === null ? null : indexOn(relation.table, { ...key, opclass });
}

/** Gives an index on the expression without the table's alias; null where it cannot be written. */
function expressionIndex({ expression, column, comparison }: WrappedColumn): IndexSpec | null {
  const { table } = column.relation;
  const sql =
    'ColumnRef' in expression || 'CaseExpr' in expression ? null : deparseNode(bareNames(expression, column.name));
  if (sql === null || table === null || namesParameter(expression)) return null;
  return indexOn(table, {
    ...{ column: null, sql: `(${sql})` },
    opclass: comparison.kind === 'AEXPR_LIKE' ? 'text_pattern_ops' : null,
  });
}

function bareNames(expression: Node, name: string): Node {
  let found: object | null = null;
  visit(expression, (kind, body) => {
    if (kind === 'ColumnRef') found = body;
    return found === null;
  });
  const bare: Node = { ColumnRef: { fields: [{ String: { sval: name } }] } };
  return found === null ? expression : withNode(expression, found, bare);
}

/** Tells whether the selection proposes the index already. */
export function isChosen(index: IndexSpec, { selection }: Evidence): boolean {
  return selection.chosen.some(({ spec }) => indexSpecKey(spec) === indexSpecKey(index));
}
