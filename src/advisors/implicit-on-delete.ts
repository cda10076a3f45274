import type { ReferentialAction, Table } from '../model/catalog.js';
import type { Measurement } from '../model/finding.js';
import { listed } from '../sql/listed.js';
import { quoteIdentifier, quoteRelation } from '../sql/quote.js';
import { implicitOnDeleteRule, NO_ACTION_WORDS, withOnDelete } from '../sql/schema-rules/implicit-on-delete.js';
import type { Advisor, Detection, Evidence } from './advisor.js';
import { countText, nameOf } from './index-hygiene/figures.js';
import { type ForeignKey, foreignKeysOf } from './index-hygiene/foreign-keys.js';
import { isSame, ownTables, rowsOfTable } from './schema/own-tables.js';
import { type Step, schemaFinding, stepsFix } from './schema/schema-finding.js';

/** A foreign key with the table that has it. */
interface Child extends ForeignKey {
  readonly table: Table;
}

/** Foreign keys to one table that have no ON DELETE action. */
export const implicitOnDelete: Advisor = {
  ...implicitOnDeleteRule,
  async detect(evidence) {
    const tables = ownTables(evidence.catalog);
    const children = tables.flatMap((table) => foreignKeysOf(table).map((key): Child => ({ ...key, table })));
    return tables.flatMap((parent) => {
      const leading = children.filter(({ target }) => isSame(target.table, parent));
      const implicit = leading.filter(isImplicit);
      return implicit.length === 0 ? [] : [describe(parent, { implicit, leading }, evidence)];
    });
  },
};

/** A deferrable key wants NO ACTION: that alone waits for COMMIT. A key over periods of time takes no other. */
function isImplicit({ target, constraint: { definition } }: Child): boolean {
  return target.onDelete === 'no action' && !/ DEFERRABLE|\bPERIOD /.test(definition);
}

interface Children {
  readonly implicit: readonly Child[];
  /** Every key that leads to the table. */
  readonly leading: readonly Child[];
}

function describe(parent: Table, { implicit, leading }: Children, { statements }: Evidence): Detection {
  const deleters = statements.filter(({ analysis: { writes } }) =>
    writes.some(({ kind, table }) => kind === 'delete' && isSame(table, parent)),
  );
  const isDeletedFrom = deleters.length > 0 || parent.counters.rowsDeleted > 0;
  const keys = implicit.length === 1 ? 'foreign key' : 'foreign keys';
  return schemaFinding({
    ...(isDeletedFrom ? { severity: 'warn' } : {}),
    key: `implicit-on-delete:${quoteRelation(parent)}`,
    title: `${implicit.length} ${keys} to ${nameOf(parent)} without ON DELETE`,
    message: messageOf(parent, { implicit, leading }),
    relations: [...new Set([parent, ...implicit.map(({ table }) => table)].map(nameOf))],
    evidence: [
      rowsMeasured('rows deleted from it', parent.counters.rowsDeleted, 'pg_stat_all_tables'),
      rowsMeasured('rows of the tables that lead to it', rowsOf(implicit), 'pg_class'),
    ],
    detail: `${leading.length} foreign keys to ${nameOf(parent)} were looked at`,
    fix: stepsFix('constraint', implicit.flatMap(stepsOf), implicit.flatMap(undoOf)),
  });
}

function messageOf(parent: Table, { implicit, leading }: Children): string {
  const others = leading.filter((child) => !implicit.includes(child));
  const map = others.length === 0 ? '' : ` The other keys to it: ${listed(others.map(actionText))}.`;
  const deleted = parent.counters.rowsDeleted;
  return (
    `${listed(implicit.map(keyText))} ${implicit.length === 1 ? 'leads' : 'lead'} to ${nameOf(parent)} without an ON DELETE action, which means NO ACTION: ` +
    `a row of ${nameOf(parent)} cannot be deleted while one of them leads to it. That is not RESTRICT: it is checked ` +
    `when the statement is over, and not at once. ${NO_ACTION_WORDS}${map}` +
    (deleted > 0 ? ` ${countText(deleted)} rows have been deleted from it so far.` : '')
  );
}

function keyText({ table, columns }: Child): string {
  return `${nameOf(table)} (${columns.join(', ')})`;
}

const ACTIONS: Readonly<Record<ReferentialAction, string>> = {
  'no action': 'is deferrable with NO ACTION',
  restrict: 'refuses (RESTRICT)',
  cascade: 'goes with it (CASCADE)',
  'set null': 'becomes NULL (SET NULL)',
  'set default': 'takes its default (SET DEFAULT)',
};

function actionText(child: Child): string {
  return `${keyText(child)} ${ACTIONS[child.target.onDelete]}`;
}

function rowsMeasured(name: string, value: number, source: string): Measurement {
  return { name, value, unit: 'rows', source };
}

function rowsOf(children: readonly Child[]): number {
  return [...new Set(children.map(({ table }) => table))].reduce((sum, table) => sum + rowsOfTable(table), 0);
}

/** The new key is there before the old one goes: no row slips through between. */
function stepsOf(child: Child): readonly Step[] {
  const { table, constraint } = child;
  const action = actionFor(child);
  const alter = alterOf(child);
  const made = withOnDelete(constraint.definition, action);
  const waits = `locks ${nameOf(table)} and ${nameOf(child.target.table)} against writes for an instant`;
  const meant = `${action} is what fits the columns: they ${action === 'SET NULL' ? 'may be' : 'must not be'} NULL; take another where another is meant`;
  const add =
    table.kind === 'partitioned table' || / NOT VALID$/.test(made)
      ? [{ sql: `${alter} ADD CONSTRAINT ${newName(child)} ${made}`, hazards: [meant, waits] }]
      : [
          { sql: `${alter} ADD CONSTRAINT ${newName(child)} ${made} NOT VALID`, hazards: [meant, waits] },
          {
            sql: `${alter} VALIDATE CONSTRAINT ${newName(child)}`,
            hazards: [`reads all of ${nameOf(table)}; writes go on`],
          },
        ];
  return [
    ...add,
    {
      sql: `${alter} DROP CONSTRAINT ${nameSql(child)}`,
      hazards: ['locks both tables against reads and writes for an instant'],
    },
    { sql: `${alter} RENAME CONSTRAINT ${newName(child)} TO ${nameSql(child)}` },
  ];
}

function undoOf(child: Child): readonly string[] {
  const alter = alterOf(child);
  return [
    `${alter} DROP CONSTRAINT ${nameSql(child)}`,
    `${alter} ADD CONSTRAINT ${nameSql(child)} ${child.constraint.definition}`,
  ];
}

/** What cannot become NULL can only be refused, short of deleting it too. */
function actionFor({ table, columns }: Child): 'SET NULL' | 'RESTRICT' {
  const isNullable = (name: string) =>
    table.columns.some((column) => column.name === name && !column.notNull && column.generated === null);
  return columns.every(isNullable) ? 'SET NULL' : 'RESTRICT';
}

function alterOf({ table }: Child): string {
  return `ALTER TABLE ${quoteRelation(table)}`;
}

function nameSql({ constraint }: Child): string {
  return quoteIdentifier(constraint.name);
}

/** Within the 63 bytes that a name may have. */
function newName({ constraint }: Child): string {
  return quoteIdentifier(`${constraint.name.slice(0, 40)}_on_delete`);
}
