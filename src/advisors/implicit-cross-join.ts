import { deparseNode } from '../sql/deparse.js';
import type { Advisor, Detection } from './advisor.js';
import { countText } from './index-hygiene/figures.js';
import { rowsOfTable } from './schema/own-tables.js';
import { missingJoins } from './statements/missing-joins.js';
import { readOnce } from './statements/read-statement.js';
import { statementFinding, suspected, titleOf } from './statements/statement-finding.js';

const RULE = 'implicit-cross-join';
/** Every month of a year with every state, or a table of settings beside another, is meant. */
const PAIRS_MIN = 10_000;

/** Reports tables that stand side by side in FROM without anything that connects them. */
export const implicitCrossJoin: Advisor = {
  id: RULE,
  title: 'Tables joined by nothing',
  severity: 'warn',
  docs: {
    what: 'Tables in FROM that no condition connects, not even through other tables, and that are not joined by the words CROSS JOIN.',
    why: 'Each row of one meets each row of the other: a thousand rows each are a million, mostly by a forgotten condition.',
    limits:
      'A table of which conditions choose one row at most, by a unique key, needs no other condition; a table of one row, and fewer than 10,000 pairs, are passed by. Views, functions and subqueries may be meant to give one row and are passed by. Where a foreign key tells what is missing, self-shadowed-subquery reports it.',
    sources: ['https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-JOIN'],
  },
  async detect({ statements, catalog }) {
    return statements.flatMap((statement) =>
      (readOnce(statement, catalog)?.levels ?? [])
        .flatMap(missingJoins)
        .flatMap(({ one, other, suggested }): Detection[] => {
          if (one.table === null || other.table === null || suggested !== null) return [];
          const [fewer, more] = [rowsOfTable(one.table), rowsOfTable(other.table)].sort((left, right) => left - right);
          const rows = (fewer ?? 0) * (more ?? 0);
          if ((fewer ?? 0) <= 1 || rows < PAIRS_MIN) return [];
          return [
            statementFinding({
              ruleId: RULE,
              statement,
              object: `${one.alias},${other.alias}`,
              title: `${titleOf(statement)} joins ${one.alias} and ${other.alias} by nothing`,
              message:
                `No condition connects ${deparseNode(one.node)} with ${deparseNode(other.node)}: before anything else is asked of them, each row of one meets each of the other, ` +
                `${countText(rows)} pairs. Add the condition that is missing, or write CROSS JOIN where all pairs are meant.`,
              relations: [one.table, other.table],
              evidence: [
                { name: 'pairs of rows, whatever else is asked', value: rows, unit: 'rows', source: 'pg_class' },
              ],
              proof: suspected('the conditions of the query were followed from table to table'),
            }),
          ];
        }),
    );
  },
};
