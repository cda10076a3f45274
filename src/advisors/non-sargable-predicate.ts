import { deparseNode } from '../sql/deparse.js';
import { otherValues } from '../sql/forms/other-values.js';
import { spelledComparisons } from '../sql/forms/spelled-comparisons.js';
import type { Advisor, Detection, Evidence } from './advisor.js';
import { boundedWithin } from './statements/bounded-within.js';
import { describeCure } from './statements/describe-cure.js';
import { type Cure, cureOf } from './statements/find-cure.js';
import { findOtherForms, type OtherForm } from './statements/other-form.js';
import { otherNonSargable } from './statements/other-non-sargable.js';
import { readOnce } from './statements/read-statement.js';
import { untoldConditions } from './statements/untold-conditions.js';
import { allWrapped } from './statements/unwrap.js';

const RULE = 'non-sargable-predicate';

const FORMS: readonly OtherForm[] = [
  {
    ruleId: RULE,
    object: 'computed',
    title: 'asks for what is computed of a column',
    subject: 'It asks for what a view, a query in FROM or a grouping makes of a column, so that every row is read.',
    way: 'a bound on the column itself',
    write: boundedWithin,
  },
  {
    ruleId: RULE,
    object: 'comparison',
    title: 'compares in a way that no index serves',
    subject: 'It compares columns in a way that no index serves.',
    way: 'comparisons of the columns themselves',
    isTried: true,
    write: spelledComparisons,
  },
  {
    ruleId: RULE,
    object: 'others',
    title: 'asks for all values but some',
    subject:
      'It says which values a column has not; no index finds rows by that, while a CHECK names all that it may have.',
    way: 'the values that are left',
    isToldByCost: true,
    write: otherValues,
  },
];

/** Reports conditions that no index on their column can serve, because of how they are written. */
export const nonSargablePredicate: Advisor = {
  id: RULE,
  title: 'A condition that hides its column from every index',
  severity: 'warn',
  docs: {
    what: 'Comparisons of what is made of a column (a cast, a function, arithmetic, coalesce, a literal of another type) where the bare column, or an index on the expression, would let the statement read far less; what several columns make, such as their difference, columns that are compared with each other, and bits; IS NOT DISTINCT FROM of a column that is never NULL; patterns that begin with a wildcard; ILIKE with a pattern that has none, which compares what lower() makes of both; OR across tables; NOT IN of a subquery that may give NULL; all values but some, where a CHECK names those that are left.',
    why: 'An index holds the column’s values in their order, and not what is made of them: PostgreSQL reads every row to work out the expression.',
    limits:
      'A form with the bare column is shown only where it gave the same rows on generated databases and its planner cost is at most half; an index on the expression where it halves the cost. No statistics tell what is left by a difference of two columns, a comparison within a row or the like: an index for that, or of the rows alone that meet it, is told with --verify execute alone, where it was built, analyzed and measured. Where neither is so, the rule is silent. Which time zone the program’s sessions use is not known: bounds of moments are wider by what clocks are set, and the condition stands beside them, so that nothing is lost in Havana, where midnight is twice in a night of autumn. A year that a text as to_char() gives it is taken for one after Christ, though the same text is written for one before.',
    sources: [
      'https://www.postgresql.org/docs/current/indexes-expressional.html',
      'https://www.postgresql.org/docs/current/indexes-types.html',
    ],
  },
  async detect(evidence) {
    const detections: Detection[] = [];
    for (const statement of evidence.statements) {
      const found = await detectIn(statement, evidence);
      detections.push(...found, ...(await otherNonSargable(statement, evidence)));
      // What a cheaper plan shows needs no trial of what no plan can show.
      if (found.length === 0) detections.push(...(await untoldConditions(statement, evidence)));
    }
    return [...detections, ...(await findOtherForms(FORMS, evidence))];
  },
};

async function detectIn(statement: Evidence['statements'][number], evidence: Evidence): Promise<readonly Detection[]> {
  const read = readOnce(statement, evidence.catalog);
  if (read === null) return [];
  const found = new Map<string, { readonly cure: Cure; readonly detection: Detection }>();
  for (const [place, wrapped] of allWrapped(read).entries()) {
    const cure = await cureOf(statement, read, { place, wrapped, evidence });
    const condition = deparseNode(wrapped.condition.node);
    // Several conditions may be about parts of one column.
    const column = `${wrapped.column.relation.alias}.${wrapped.column.name}`;
    if (cure === null || condition === null || !isBetter(cure, found.get(column)?.cure)) continue;
    const detection = await describeCure(statement, { wrapped, cure, condition, evidence });
    found.set(column, { cure, detection });
  }
  return [...found.values()].map(({ detection }) => detection);
}

/** A form of the statement before an index alone, then the cheaper one. */
function isBetter(cure: Cure, known: Cure | undefined): boolean {
  if (known === undefined) return true;
  if ((cure.rewrite === null) !== (known.rewrite === null)) return cure.rewrite !== null;
  return cure.costAfter < known.costAfter;
}
