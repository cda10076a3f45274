import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import type { PlanNode } from '../model/plan.js';
import type { Planner } from '../model/planner.js';
import { bodyOf, visit } from '../sql/walk.js';
import type { Advisor, AnalyzedStatement, Detection } from './advisor.js';
import { countText, nameOf } from './index-hygiene/figures.js';
import { rowsOfTable } from './schema/own-tables.js';
import { costOf } from './statements/binding-costs.js';
import { planOf } from './statements/preparable.js';
import { readOnce } from './statements/read-statement.js';
import { statementFinding, titleOf } from './statements/statement-finding.js';

const RULE = 'random-order';
const ROWS_MIN = 1000;

/** Reports rows drawn by sorting all of them in a random order. */
export const randomOrder: Advisor = {
  id: RULE,
  title: 'All rows are sorted to draw a few',
  severity: 'warn',
  docs: {
    what: 'ORDER BY random(), or what is made of it, with a LIMIT, where by the planner’s estimate 1,000 rows and more are sorted.',
    why: 'Every row is read and given a random number, and all of them are sorted by it, to keep a few.',
    limits:
      'TABLESAMPLE SYSTEM takes rows of whole blocks, which lie together; a random start in a key without gaps is even, in one with gaps it is not. Which of them is random enough is for a person to say.',
    sources: ['https://www.postgresql.org/docs/current/sql-select.html#SQL-FROM'],
  },
  async detect({ statements, catalog, planner }) {
    const detections: Detection[] = [];
    for (const statement of statements) {
      const levels = readOnce(statement, catalog)?.levels ?? [];
      const level = levels.find(({ select }) => select !== null && drawsAtRandom(select));
      const [table] = (level?.relations ?? []).flatMap((relation) => relation.table ?? []);
      if (table === undefined || (await rowsSorted(statement, planner)) < ROWS_MIN) continue;
      const cost = await costOf(statement.plannable.bindings, planner);
      const plannedOn = planner.describe(statement.plannable.bindings[0]?.sql);
      detections.push(
        statementFinding({
          ruleId: RULE,
          statement,
          title: `${titleOf(statement)} sorts ${nameOf(table)} at random`,
          message:
            `ORDER BY random() reads all that is asked of ${nameOf(table)}, which has ${countText(rowsOfTable(table))} rows, and sorts it to give a few. ` +
            `FROM ${nameOf(table)} TABLESAMPLE SYSTEM_ROWS (n) (extension tsm_system_rows) reads the blocks that it takes; or draw a key at random, and take the rows from there on by its index.`,
          relations: [table],
          evidence: [{ name: 'rows of the table', value: rowsOfTable(table), unit: 'rows', source: 'pg_class' }],
          proof: {
            grade: 'planned',
            method: plannedOn,
            detail: 'the order of the statement was read and its cost taken',
          },
          costs: { before: cost, after: null },
        }),
      );
    }
    return detections;
  },
};

/** The most rows that a sort of the plan takes in. */
async function rowsSorted(statement: AnalyzedStatement, planner: Planner): Promise<number> {
  const plan = await planOf(statement, planner);
  return plan === null ? 0 : rowsIntoSorts(plan);
}

function rowsIntoSorts({ nodeType, children }: PlanNode): number {
  const into = nodeType === 'Sort' ? children.map(({ rowsEstimate }) => rowsEstimate) : [];
  return Math.max(0, ...into, ...children.map(rowsIntoSorts));
}

const RANDOM = ['random', 'gen_random_uuid', 'uuid_generate_v4', 'uuidv4'];

/** By the call itself, by what is made of it, or by the name that the statement gives it. */
function drawsAtRandom({ sortClause = [], targetList = [], limitCount }: SelectStmt): boolean {
  const key = bodyOf(sortClause[0], 'SortBy')?.node;
  const [named, ...qualified] = bodyOf(key, 'ColumnRef')?.fields ?? [];
  const name = qualified.length === 0 ? bodyOf(named, 'String')?.sval : undefined;
  const given = targetList.flatMap((target) => bodyOf(target, 'ResTarget') ?? []);
  const output = name === undefined ? undefined : given.find((target) => target.name === name)?.val;
  return limitCount !== undefined && callsRandom(output ?? key);
}

function callsRandom(node: Node | undefined): boolean {
  let found = false;
  visit(node, (kind, body) => {
    const name = kind === 'FuncCall' ? bodyOf((body as FuncCall).funcname?.at(-1), 'String')?.sval : undefined;
    found ||= RANDOM.includes(name ?? '');
    return !found && kind !== 'SubLink';
  });
  return found;
}
