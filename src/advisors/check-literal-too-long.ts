import type { Catalog, Column, Table } from '../model/catalog.js';
import { conjunctsOf } from '../sql/conjuncts.js';
import { listed } from '../sql/listed.js';
import { quoteIdentifier, quoteLiteral, quoteRelation } from '../sql/quote.js';
import type { Advisor, Detection } from './advisor.js';
import { nameOf } from './index-hygiene/figures.js';
import { checkCondition } from './schema/check-condition.js';
import { ownTables, rowsOfTable } from './schema/own-tables.js';
import { schemaFinding, stepsFix } from './schema/schema-finding.js';

/** A column of limited length, and what its CHECK allows that does not fit. */
interface TooLong {
  readonly table: Table;
  readonly column: Column;
  readonly constraint: string;
  readonly literals: readonly string[];
}

/** Reports values that a CHECK allows and the column's length refuses. */
export const checkLiteralTooLong: Advisor = {
  id: 'check-literal-too-long',
  title: 'A CHECK allows a value that the column cannot hold',
  severity: 'warn',
  docs: {
    what: 'A CHECK lists a value that is longer than the column’s varchar(n) or char(n).',
    why: 'Whoever writes that value gets an error (22001), although the CHECK says that it is allowed. It is found on the day when the state is first reached, and what writes it is often an error path.',
    limits: 'Only lists and equalities with constants are read, not patterns or functions.',
    sources: [
      'https://www.postgresql.org/docs/current/datatype-character.html',
      'https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-CHECK-CONSTRAINTS',
    ],
  },
  async detect({ catalog }) {
    return tooLongOf(catalog).map(describe);
  },
};

function tooLongOf(catalog: Catalog): readonly TooLong[] {
  return ownTables(catalog).flatMap((table) =>
    table.constraints.flatMap(({ kind, inherited, name: constraint, definition }) => {
      if (kind !== 'check' || inherited === true) return [];
      return conjunctsOf(checkCondition(definition)).flatMap(({ column: name, values }) => {
        const column = table.columns.find((each) => each.name === name);
        const charactersMax = column === undefined ? null : lengthOf(column);
        if (column === undefined || charactersMax === null || values === null) return [];
        const literals = values.filter((value) => [...kept(value, column)].length > charactersMax);
        return literals.length === 0 ? [] : [{ table, column, constraint, literals }];
      });
    }),
  );
}

/** Blanks at the end of a char(n) are not counted. */
function kept(value: string, { baseType }: Column): string {
  return baseType === 'character varying' ? value : value.trimEnd();
}

/** `n` of varchar(n) and char(n), in characters. */
function lengthOf({ type }: Column): number | null {
  const [, length] = /^character(?: varying)?\((\d+)\)$/.exec(type) ?? [];
  return length === undefined ? null : Number(length);
}

function describe({ table, column, constraint, literals }: TooLong): Detection {
  const name = `${nameOf(table)}.${column.name}`;
  const longest = Math.max(...literals.map((literal) => [...literal].length));
  const alter = `ALTER TABLE ${quoteRelation(table)} ALTER COLUMN ${quoteIdentifier(column.name)} TYPE`;
  return schemaFinding({
    key: `check-literal-too-long:${quoteRelation(table)}.${quoteIdentifier(column.name)}`,
    title: `${name} cannot hold ${literals.length === 1 ? 'a value' : `${literals.length} values`} that ${constraint} allows`,
    message:
      `${constraint} allows ${listed(literals.map((literal) => quoteLiteral(literal).trim()))}, but ${name} is ${column.type}: ` +
      `writing ${literals.length === 1 ? 'it' : 'them'} fails with "value too long". ${longest} characters are needed.`,
    relations: [nameOf(table)],
    evidence: [{ name: 'rows of the table', value: rowsOfTable(table), unit: 'rows', source: 'pg_class' }],
    detail: `the values of ${constraint} were measured against ${column.type}`,
    fix: stepsFix(
      'constraint',
      [
        {
          sql: `${alter} ${column.type.replace(/\(\d+\)$/, `(${longest})`)}`,
          hazards: [
            column.baseType === 'character varying'
              ? `locks ${nameOf(table)} against reads and writes while its CHECKs are read again; no row is rewritten`
              : `rewrites ${nameOf(table)} with its indexes, locked against reads and writes`,
          ],
        },
      ],
      [`${alter} ${column.type}`],
    ),
  });
}
