import type { Planner } from '../model/planner.js';
import type { Advisor, AnalyzedStatement, Detection } from './advisor.js';
import { nameOf } from './index-hygiene/figures.js';
import { missingJoins } from './statements/missing-joins.js';
import { isPreparable } from './statements/preparable.js';
import { qualified } from './statements/qualify.js';
import { readOnce } from './statements/read-statement.js';
import { rewriteFix, statementFinding, suspected, titleOf } from './statements/statement-finding.js';
import { type Shadow, shadowsOf } from './statements/tautologies.js';

const RULE = 'self-shadowed-subquery';

/** Reports conditions that name another table than they mean, so that they say nothing. */
export const selfShadowedSubquery: Advisor = {
  id: RULE,
  title: 'A name means another table than it seems',
  severity: 'error',
  docs: {
    what: 'In a subquery, a bare column name that the inner table has too: the condition then compares the inner row with itself instead of with the outer one. And its kin: IN (SELECT x …) where x is no column of the inner table but of the outer one, a column compared with itself, and tables without the join condition that a foreign key between them suggests.',
    why: 'PostgreSQL takes the nearest table that has the column and says nothing. The statement runs, and gives or changes no rows, or all of them.',
    limits:
      'What was meant is a guess from the names: the form that is shown gives other rows than the one that runs, and a person has to say which is right. x = x is also written to leave out NULLs; x IS NOT NULL says that.',
    sources: [
      'https://www.postgresql.org/docs/current/functions-subquery.html',
      'https://www.postgresql.org/docs/current/queries-table-expressions.html',
    ],
  },
  async detect({ statements, catalog, planner }) {
    const detections: Detection[] = [];
    for (const statement of statements) {
      const read = readOnce(statement, catalog);
      for (const level of read?.levels ?? []) {
        for (const shadow of shadowsOf(level)) detections.push(await describe(statement, shadow, planner));
        for (const missing of missingJoins(level))
          if (missing.suggested !== null) detections.push(missingJoin(statement, missing));
      }
    }
    return detections;
  },
};

async function describe(statement: AnalyzedStatement, shadow: Shadow, planner: Planner): Promise<Detection> {
  const { column, kind, meant } = shadow;
  const table = column.relation.table;
  const rewritten = await rewrittenOf(statement, shadow, planner);
  return statementFinding({
    ruleId: RULE,
    statement,
    object: `${column.relation.alias}.${column.name}`,
    ...(kind === 'itself' ? { severity: 'warn' } : {}),
    title: `${column.name} in ${titleOf(statement)} means ${column.relation.alias}.${column.name}`,
    message: `${messageOf(shadow)}${rewritten === null ? '' : ' The form that names the other table gives other rows: it is what was meant, if the names do not mislead.'}`,
    relations: [table, meant?.table ?? null].flatMap((each) => each ?? []),
    proof: suspected(
      `${column.name} was looked up as PostgreSQL does, nearest table first${rewritten === null ? '' : `; the other form was prepared on ${planner.describe()}`}`,
    ),
    fix: rewritten === null ? null : rewriteFix(rewritten),
  });
}

function messageOf({ kind, column: { name, relation }, meant }: Shadow): string {
  const own = relation.table === null ? relation.alias : nameOf(relation.table);
  if (kind === 'own')
    return (
      `${own} (${relation.alias}) has a column ${name}, so the bare ${name} in the subquery means ${relation.alias}.${name} and not ` +
      `${meant?.alias}.${name}: the condition compares a row with itself, and nothing ties the subquery to the outer row.`
    );
  if (kind === 'outer')
    return (
      `The subquery selects ${name}, which none of its own tables has: it is ${relation.alias}.${name} of the outer query, so IN is ` +
      'true for every row as long as the subquery gives any.'
    );
  return `${relation.alias}.${name} is compared with itself: that is true for every row but those where ${name} is NULL. Name the other column, or write ${name} IS NOT NULL.`;
}

/** The text that names the outer table, where the server takes it. */
async function rewrittenOf(
  { statement: { text } }: AnalyzedStatement,
  { kind, reference, meant }: Shadow,
  planner: Planner,
): Promise<string | null> {
  if (kind !== 'own' || meant === null) return null;
  const rewritten = qualified(text, reference, meant.alias);
  return (await isPreparable(planner, rewritten)) ? rewritten : null;
}

function missingJoin(statement: AnalyzedStatement, missing: ReturnType<typeof missingJoins>[number]): Detection {
  const { one, other, suggested } = missing;
  const tables = [one, other].flatMap(({ table }) => table ?? []);
  return statementFinding({
    ruleId: RULE,
    statement,
    object: `${one.alias},${other.alias}`,
    title: `${titleOf(statement)} joins ${one.alias} and ${other.alias} without a condition`,
    message: `Every row of ${one.alias} meets every row of ${other.alias}. A foreign key suggests what was meant: ${suggested}. With it the statement gives other rows; a person has to say which is right.`,
    relations: tables,
    proof: suspected(`no condition connects ${one.alias} with ${other.alias}, not even through other tables`),
  });
}
