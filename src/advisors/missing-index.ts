import type { Alternative, FindingQuery, Measurement } from '../model/finding.js';
import { type IndexSpec, plannedOnOf } from '../model/planner.js';
import { createIndexSql } from '../sql/index-definition.js';
import { indexColumns, indexSignature } from '../sql/index-words.js';
import { quoteRelation } from '../sql/quote.js';
import type { Advisor, AnalyzedStatement, Detection, Evidence } from './advisor.js';
import { createFix } from './index-hygiene/create-fix.js';
import { BYTES_PER_MB } from './index-hygiene/figures.js';
import { type ForeignKey, foreignKeysOf, serves } from './index-hygiene/foreign-keys.js';
import { lookingBy } from './index-hygiene/referring-looks.js';
import type { ChosenIndex, RefusedIndex, StatementGain } from './index-selection/selection.js';
import { tableNamed } from './schema/own-tables.js';
import { joinByRange } from './statements/joins-by-range.js';
import { queryOf } from './statements/statement-finding.js';
import { walkedOrder } from './statements/walked-orders.js';

/** Statements of a finding that are shown with their plans; the rest are counted. */
const QUERIES_SHOWN_MAX = 10;
const PLANS_SHOWN_MAX = 3;

/** Reports each index of the selection with the statements whose plans use it. */
export const missingIndex: Advisor = {
  id: 'missing-index',
  title: 'Missing index',
  severity: 'warn',
  docs: {
    what: 'A statement of the workload reads far more of a table than it needs, and an index would let it read only that.',
    why: 'Without the index PostgreSQL reads and filters the whole table, or sorts what an index would give in order; the cost grows with the table, at every call.',
    limits:
      'Costs are the planner’s on a twin with the same schema, statistics and file sizes; they are not milliseconds. What is known to mislead the planner is added: rows of a rare value lie in blocks of their own where most rows have another one. Parameters that the workload does not show are sampled from statistics. How many rows are left by a join’s bounds that come from other rows the planner does not know: where nothing is chosen for such a statement, an index on the key and the bounded column is built and measured with --verify execute. Nor does it know where in an order the wanted rows lie: those of a queue lie at its end, and an index of the order over them is built and measured likewise. GIN, GiST and BRIN are weighed beside btree where a statement asks what those answer; hash is not.',
    sources: [
      'https://www.postgresql.org/docs/current/indexes-multicolumn.html',
      'https://www.postgresql.org/docs/current/indexes-partial.html',
      'https://www.postgresql.org/docs/current/indexes-opclass.html',
      'https://www.postgresql.org/docs/current/gin.html',
    ],
  },
  async detect(evidence: Evidence): Promise<readonly Detection[]> {
    const specs = evidence.selection.chosen.map((index) => index.spec);
    const detections: Detection[] = [];
    for (const index of evidence.selection.chosen) detections.push(await describe(index, specs, evidence));
    for (const statement of evidence.statements) {
      const found = (await joinByRange(statement, evidence)) ?? (await walkedOrder(statement, evidence));
      if (found !== null) detections.push(found);
    }
    return detections;
  },
};

async function describe(index: ChosenIndex, set: readonly IndexSpec[], evidence: Evidence): Promise<Detection> {
  const relation = `${index.spec.table.schema}.${index.spec.table.name}`;
  const columns = indexColumns(index.spec);
  const plannedOn = plannedOnOf(
    evidence.planner,
    index.statements.map(({ statement }) => statement.plannable),
  );
  const looking = lookingThrough(index.spec, evidence);
  return {
    kind: 'finding',
    class: null,
    key: `missing-index:${quoteRelation(index.spec.table)}(${methodWord(index.spec)}${indexSignature(index.spec)})${whereWords(index.spec)}`,
    title: `Missing ${methodWord(index.spec).toUpperCase()}index on ${relation} (${columns})${whereWords(index.spec)}`,
    message: `${messageOf(index, relation, plannedOn)}${lookingText(looking.length)}`,
    relations: [relation],
    location: index.statements[0]?.statement.statement.location ?? null,
    queries: await queriesOf(index, { set, looking }, evidence),
    evidence: measurementsOf(index, plannedOn),
    proof: {
      grade: 'planned',
      method: plannedOn,
      detail: `${index.statements.length} ${plural('statement', index.statements.length)} planned without and with the whole set; the plans with it use this index`,
    },
    fix: createFix(evidence.catalog, index.spec),
    alternatives: index.refused.map(alternativeOf),
  };
}

/** `gin `; empty for a btree. */
function methodWord({ method }: IndexSpec): string {
  return method === 'btree' ? '' : `${method} `;
}

function whereWords({ predicate }: IndexSpec): string {
  return predicate === null ? '' : ` where ${predicate}`;
}

function alternativeOf({ spec, costAfter, reason }: RefusedIndex): Alternative {
  return {
    title: `An index on (${indexColumns(spec)})${whereWords(spec)}`,
    sql: createIndexSql(spec),
    costAfter,
    reason,
  };
}

function messageOf(index: ChosenIndex, relation: string, plannedOn: string): string {
  const [top] = index.statements;
  const count = index.statements.length;
  const size = (index.sizeBytes / BYTES_PER_MB).toFixed(1);
  if (top === undefined) return `An index on ${relation} of about ${size} MB would serve this workload.`;
  const cost = `${Math.round(top.costBefore).toLocaleString('en-US')} to ${Math.round(top.costAfter).toLocaleString('en-US')}`;
  return (
    `${count} ${plural('statement', count)} would read ${relation} through this index of about ${size} MB. ` +
    `The one that gains most falls from a planner cost of ${cost} a call, as planned on ${plannedOn}.${replacesText(index)}`
  );
}

function replacesText({ replaces }: ChosenIndex): string {
  if (replaces.length === 0) return '';
  const names = replaces.map(({ schema, name }) => `${schema}.${name}`).join(', ');
  return ` Once it is there, ${names} ${replaces.length === 1 ? 'serves' : 'serve'} nothing that it does not serve too.`;
}

function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

/** Statements for which rows that refer by a foreign key are looked for, where this index is the first to find them. */
function lookingThrough(spec: IndexSpec, evidence: Evidence): readonly AnalyzedStatement[] {
  const table = tableNamed(evidence.catalog, spec.table);
  const keys = table === null ? [] : foreignKeysOf(table).filter(({ columns }) => serves(spec, columns));
  const isNew = ({ columns }: ForeignKey) => table?.indexes.every((index) => !index.valid || !serves(index, columns));
  return [...new Set(keys.filter(isNew).flatMap((key) => lookingBy(key, evidence)))];
}

function lookingText(count: number): string {
  if (count === 0) return '';
  const whose = count === 1 ? 'one statement' : `${count} statements`;
  return ` It also finds the rows that refer to what ${whose} of the workload would take away or give another key.`;
}

async function queriesOf(
  index: ChosenIndex,
  { set, looking }: { readonly set: readonly IndexSpec[]; readonly looking: readonly AnalyzedStatement[] },
  evidence: Evidence,
): Promise<readonly FindingQuery[]> {
  const shown = index.statements.slice(0, QUERIES_SHOWN_MAX);
  const queries: FindingQuery[] = [];
  for (const [position, gain] of shown.entries())
    queries.push(await gainQuery(gain, position < PLANS_SHOWN_MAX ? set : null, evidence));
  const others = looking.filter((each) => shown.every(({ statement }) => statement !== each));
  return [...queries, ...others.slice(0, QUERIES_SHOWN_MAX - shown.length).map((each) => queryOf(each))];
}

async function gainQuery(
  gain: StatementGain,
  set: readonly IndexSpec[] | null,
  evidence: Evidence,
): Promise<FindingQuery> {
  const { statement, plannable } = gain.statement;
  const [binding] = plannable.bindings;
  const explain = async (indexes: readonly IndexSpec[]) =>
    binding === undefined ? null : await evidence.planner.explainText(binding.sql, indexes);
  return {
    role: 'statement',
    fingerprint: statement.fingerprint,
    text: statement.text,
    calls: statement.calls,
    totalTimeMs: statement.totalTimeMs ?? 0,
    costBefore: gain.costBefore,
    costAfter: gain.costAfter,
    planBefore: set === null ? null : await explain([]),
    planAfter: set === null ? null : await explain(set),
  };
}

function measurementsOf(index: ChosenIndex, plannedOn: string): readonly Measurement[] {
  const costOver = (of: (gain: StatementGain) => number) =>
    index.statements.reduce((sum, gain) => sum + gain.statement.statement.calls * of(gain), 0);
  const timed = index.statements.filter((gain) => gain.statement.statement.totalTimeMs !== null);
  const estimate = timed.reduce((sum, gain) => {
    const share = gain.costBefore === 0 ? 0 : 1 - gain.costAfter / gain.costBefore;
    return sum + (gain.statement.statement.totalTimeMs ?? 0) * Math.max(share, 0);
  }, 0);
  const estimated = `estimated on ${index.estimatedOn ?? plannedOn}`;
  return [
    {
      name: 'cost of the statements it serves, before',
      value: costOver((gain) => gain.costBefore),
      unit: 'cost',
      source: plannedOn,
    },
    {
      name: 'cost of the statements it serves, after',
      value: costOver((gain) => gain.costAfter),
      unit: 'cost',
      source: plannedOn,
    },
    ...worstOf(index, plannedOn),
    { name: 'marginal gain in the set', value: index.gain, unit: 'cost', source: plannedOn },
    { name: 'index size', value: index.sizeBytes, unit: 'bytes', source: estimated },
    {
      name: 'rows in the index',
      value: Math.round(index.rowsEstimate),
      unit: 'rows',
      source: estimated,
    },
    { name: 'cost of writing it', value: index.writeCost, unit: 'cost', source: 'writes of the workload' },
    ...(timed.length === 0
      ? []
      : [
          {
            name: 'time saved',
            value: estimate,
            unit: 'ms' as const,
            source: 'measured time by the share of planner cost saved',
          },
        ]),
  ];
}

/** What the dearest of the sampled values costs, where that is more than the mean tells. */
function worstOf({ statements: [top] }: ChosenIndex, plannedOn: string): readonly Measurement[] {
  if (top === undefined || top.worstBefore <= top.costBefore) return [];
  const name = 'cost of a call of the statement that gains most, for the dearest of its sampled values';
  return [
    { name: `${name}, before`, value: top.worstBefore, unit: 'cost', source: plannedOn },
    { name: `${name}, after`, value: top.worstAfter, unit: 'cost', source: plannedOn },
  ];
}
