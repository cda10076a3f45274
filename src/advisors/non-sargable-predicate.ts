import { deparseNode } from '../sql/deparse.js';
import type { Advisor, Detection, Evidence } from './advisor.js';
import { describeCure } from './statements/describe-cure.js';
import { cureOf } from './statements/find-cure.js';
import { otherNonSargable } from './statements/other-non-sargable.js';
import { readOnce } from './statements/read-statement.js';
import { allWrapped } from './statements/unwrap.js';

/** Reports conditions that no index on their column can serve, because of how they are written. */
export const nonSargablePredicate: Advisor = {
  id: 'non-sargable-predicate',
  title: 'A condition that hides its column from every index',
  severity: 'warn',
  docs: {
    what: 'Comparisons of what is made of a column (a cast, a function, arithmetic, coalesce, a literal of another type) where the bare column, or an index on the expression, would let the statement read far less; patterns that begin with a wildcard; OR across tables; NOT IN of a subquery that may give NULL.',
    why: 'An index holds the column’s values in their order, and not what is made of them: PostgreSQL reads every row to work out the expression.',
    limits:
      'A form with the bare column is shown only where it gave the same rows on generated databases and its planner cost is at most half; an index on the expression where it halves the cost. Where neither is so, the rule is silent. Which session settings, such as the time zone, the program uses is not known.',
    sources: [
      'https://www.postgresql.org/docs/current/indexes-expressional.html',
      'https://www.postgresql.org/docs/current/indexes-types.html',
    ],
  },
  async detect(evidence) {
    const detections: Detection[] = [];
    for (const statement of evidence.statements) {
      detections.push(...(await detectIn(statement, evidence)), ...(await otherNonSargable(statement, evidence)));
    }
    return detections;
  },
};

async function detectIn(statement: Evidence['statements'][number], evidence: Evidence): Promise<readonly Detection[]> {
  const read = readOnce(statement, evidence.catalog);
  if (read === null) return [];
  const found: Detection[] = [];
  for (const [place, wrapped] of allWrapped(read).entries()) {
    const cure = await cureOf(statement, read, { place, wrapped, evidence });
    const condition = deparseNode(wrapped.condition.node);
    if (cure !== null && condition !== null)
      found.push(describeCure(statement, { wrapped, cure, condition, evidence }));
  }
  return found;
}
