import type { Measurement } from '../model/finding.js';
import type { PlanNode } from '../model/plan.js';
import type { LevelColumn } from '../sql/levels/query-level.js';
import { listed } from '../sql/listed.js';
import { quoteIdentifier } from '../sql/quote.js';
import type { Advisor, AnalyzedStatement, Detection, Evidence } from './advisor.js';
import { countText, nameOf } from './index-hygiene/figures.js';
import { distinctValues, statisticsOf } from './schema/column-statistics.js';
import { rowsOfTable } from './schema/own-tables.js';
import { withConditionBefore } from './statements/added-condition.js';
import { type ForgottenKey, forgottenKeys } from './statements/forgotten-keys.js';
import { isPreparable, unlessRefused } from './statements/preparable.js';
import { readOnce, readText } from './statements/read-statement.js';
import { rewriteFix, statementFinding, titleOf } from './statements/statement-finding.js';

const RULE = 'join-fan-out';
/** With fewer rows to each that is wanted, the join may well be meant so. */
const FAN_OUT_MIN = 2;

/** Reports joins that forget a column of a composite key. */
export const joinFanOut: Advisor = {
  id: RULE,
  title: 'A join forgets a part of a key',
  severity: 'warn',
  docs: {
    what: 'Two tables joined on some columns of a composite key, or of a foreign key that refers to it, while both have the rest, and by the planner’s estimates each row meets far more than it would with the whole key.',
    why: 'Each row of one table meets the rows of many others that only look alike: the result has too many rows, or is collapsed again by DISTINCT or GROUP BY at the price of all of them, and sums come out too large.',
    limits:
      'Columns belong together by a foreign key, or by name and type. Where the columns of the join tell nearly all rows apart by themselves, the rule is silent. How many rows a join gives is the planner’s estimate under both forms. The form with the whole key gives fewer rows: a person has to say which is right.',
    sources: ['https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-JOIN'],
  },
  async detect(evidence) {
    const detections: Detection[] = [];
    for (const statement of evidence.statements) {
      for (const level of readOnce(statement, evidence.catalog)?.levels ?? [])
        for (const forgotten of forgottenKeys(level)) {
          const detection = await describe(statement, forgotten, evidence);
          if (detection !== null) detections.push(detection);
        }
    }
    return detections;
  },
};

async function describe(
  statement: AnalyzedStatement,
  forgotten: ForgottenKey,
  evidence: Evidence,
): Promise<Detection | null> {
  const { planner } = evidence;
  if (!multiplies(forgotten, evidence)) return null;
  const rows = await rowsOf(statement, forgotten, evidence);
  if (rows === null || rows.before < rows.after * FAN_OUT_MIN) return null;
  const { keyed, other, key } = forgotten;
  const rewritten = withWholeKey(statement.statement.text, forgotten);
  const isShown = rewritten !== null && (await isPreparable(planner, rewritten));
  const source = planner.describe(rows.sql);
  return statementFinding({
    ruleId: RULE,
    statement,
    object: `${keyed.alias},${other.alias}`,
    title: `${titleOf(statement)} joins ${keyed.alias} and ${other.alias} on a part of a key`,
    message:
      `${keyed.table === null ? '' : nameOf(keyed.table)} (${keyed.alias}) has the key (${key.join(', ')}), but the join with ${other.alias} leaves ` +
      `${listed(forgotten.forgotten.map(([, { name }]) => name))} out, which both have. As planned, the join gives ${countText(rows.before)} rows, ` +
      `where the larger of its inputs has ${countText(rows.input)}; with ${conditionOf(forgotten)} it gives ${countText(rows.after)}. That is another result: a person has to say which is right.`,
    relations: [keyed.table, other.table].flatMap((table) => table ?? []),
    evidence: measurementsOf(rows, source),
    proof: {
      grade: 'planned',
      method: source,
      detail: 'the rows of the join were estimated as it stands and with the whole key',
    },
    fix: isShown ? rewriteFix(rewritten) : null,
  });
}

/** A column that tells nearly every row apart, though only the whole key is declared, multiplies nothing. */
function multiplies({ keyed, pairs }: ForgottenKey, { statistics }: Evidence): boolean {
  const { table } = keyed;
  if (table === null) return false;
  const names = pairs.flatMap(({ columns }) => columns.filter(({ relation }) => relation === keyed));
  return names.every(({ name }) => {
    const found = statisticsOf(statistics, table, name);
    return found === null || rowsOfTable(table) >= distinctValues(found, table) * FAN_OUT_MIN;
  });
}

interface Rows {
  readonly before: number;
  readonly after: number;
  /** Of the larger of the two sides that the join puts together. */
  readonly input: number;
  readonly sql: string;
}

/** The most rows that any join of the plan gives, for the first binding, as it stands and with the whole key. */
async function rowsOf(
  statement: AnalyzedStatement,
  forgotten: ForgottenKey,
  { catalog, planner }: Evidence,
): Promise<Rows | null> {
  const [binding] = statement.plannable.bindings;
  if (binding === undefined) return null;
  const wanted = conditionOf(forgotten);
  const bound = (readText(binding.sql, catalog)?.levels ?? [])
    .flatMap(forgottenKeys)
    .find((each) => conditionOf(each) === wanted);
  const whole = bound === undefined ? null : withWholeKey(binding.sql, bound);
  if (whole === null) return null;
  const [before, after] = [
    await unlessRefused(planner.explain(binding.sql, [])),
    await unlessRefused(planner.explain(whole, [])),
  ];
  return before === null || after === null
    ? null
    : {
        before: largestJoin(before).rows,
        after: largestJoin(after).rows,
        input: largestJoin(before).input,
        sql: binding.sql,
      };
}

/** Of the join of a plan that gives most rows: these, and those of the larger of its inputs. */
function largestJoin({ nodeType, rowsEstimate, children }: PlanNode): {
  readonly rows: number;
  readonly input: number;
} {
  const input = Math.max(0, ...children.map((child) => child.rowsEstimate));
  const own = /Join|Nested Loop/.test(nodeType) ? { rows: rowsEstimate, input } : { rows: 0, input: 0 };
  return children.map(largestJoin).reduce((most, each) => (each.rows > most.rows ? each : most), own);
}

function withWholeKey(text: string, forgotten: ForgottenKey): string | null {
  const condition = forgotten.pairs[0]?.condition ?? null;
  return condition === null ? null : withConditionBefore(text, condition.node, conditionOf(forgotten));
}

function conditionOf({ forgotten }: ForgottenKey): string {
  const name = ({ relation, name: column }: LevelColumn) =>
    `${quoteIdentifier(relation.alias)}.${quoteIdentifier(column)}`;
  return forgotten.map(([one, other]) => `${name(one)} = ${name(other)}`).join(' AND ');
}

function measurementsOf({ before, after, input }: Rows, source: string): readonly Measurement[] {
  return [
    { name: 'rows of the join', value: before, unit: 'rows', source },
    { name: 'rows of the larger input of the join', value: input, unit: 'rows', source },
    { name: 'rows of the join with the whole key', value: after, unit: 'rows', source },
  ];
}
