import type { Column, Table } from '../model/catalog.js';
import type { Planner } from '../model/planner.js';
import { constantCheckSql, isConstantSql } from '../sql/constant-check.js';
import { quoteIdentifier, quoteRelation } from '../sql/quote.js';
import type { Advisor, Detection } from './advisor.js';
import { nameOf } from './index-hygiene/figures.js';
import { checkCondition } from './schema/check-condition.js';
import { ownTables, rowsOfTable } from './schema/own-tables.js';
import { schemaFinding, stepsFix } from './schema/schema-finding.js';
import { unlessRefused } from './statements/preparable.js';

/** A column's constant default beside a CHECK on that column alone. */
interface Pair {
  readonly table: Table;
  readonly column: Column;
  readonly expression: string;
  readonly constraint: string;
  readonly condition: string;
  /** Its plan knows of no rows where the default does not pass. */
  readonly sql: string;
}

/** Reports defaults that a CHECK of the same column refuses. */
export const defaultOutsideCheck: Advisor = {
  id: 'default-outside-check',
  title: 'A default that its own CHECK refuses',
  severity: 'warn',
  docs: {
    what: 'A column’s constant default does not meet a CHECK on that column.',
    why: 'Every INSERT that leaves the column out fails (23514), so the default can only ever do harm.',
    limits:
      'PostgreSQL itself works out the CHECK with the default in place of the column. Defaults that are no constants, and CHECKs over several columns, are passed by.',
    sources: ['https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-CHECK-CONSTRAINTS'],
  },
  async detect({ catalog, planner }) {
    const detections: Detection[] = [];
    for (const pair of ownTables(catalog).flatMap(pairsOf)) {
      if (await isRefused(pair, planner)) detections.push(describe(pair));
    }
    return detections;
  },
};

function pairsOf(table: Table): readonly Pair[] {
  const checks = table.constraints.filter(
    ({ kind, inherited, definition }) => kind === 'check' && inherited !== true && !/ NOT ENFORCED$/.test(definition),
  );
  return table.columns.flatMap((column) => {
    const expression = column.generated === null ? column.default : null;
    if (column.dropped || expression === null || !isConstantSql(expression)) return [];
    return checks.flatMap(({ name: constraint, definition }) => {
      const condition = checkCondition(definition);
      if (condition === null) return [];
      const sql = constantCheckSql({
        condition,
        column: column.name,
        constant: `(${expression})::${column.type}`,
      });
      return sql === null ? [] : [{ table, column, expression, constraint, condition, sql }];
    });
  });
}

/** What cannot be worked out while planning, such as a function that fails, says nothing of the default. */
async function isRefused({ sql }: Pair, planner: Planner): Promise<boolean> {
  const plan = await unlessRefused(planner.explain(sql, []));
  return plan?.details['One-Time Filter'] === 'false';
}

function describe({ table, column, expression, constraint, condition }: Pair): Detection {
  const name = `${nameOf(table)}.${column.name}`;
  const alter = `ALTER TABLE ${quoteRelation(table)} ALTER COLUMN ${quoteIdentifier(column.name)}`;
  return schemaFinding({
    key: `default-outside-check:${quoteRelation(table)}.${quoteIdentifier(column.name)}`,
    title: `The default of ${name} does not pass ${constraint}`,
    message:
      `Each INSERT into ${nameOf(table)} that leaves ${column.name} out fails: its default ${expression} does not meet ` +
      `${constraint}, which wants ${condition}. Without the default the program is told to name a value` +
      `${column.notNull ? '' : ', or the column is NULL'}; or widen the CHECK.`,
    relations: [nameOf(table)],
    evidence: [{ name: 'rows of the table', value: rowsOfTable(table), unit: 'rows', source: 'pg_class' }],
    detail: `PostgreSQL worked ${constraint} out with the default in place of ${column.name}: it is false`,
    fix: stepsFix(
      'constraint',
      [{ sql: `${alter} DROP DEFAULT`, hazards: [`locks ${nameOf(table)} against reads and writes for an instant`] }],
      [`${alter} SET DEFAULT ${expression}`],
    ),
  });
}
