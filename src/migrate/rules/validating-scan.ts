import type { Fix } from '../../model/finding.js';
import { statementKind } from '../../sql/classify.js';
import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';
import { bodyOf } from '../../sql/walk.js';
import type { HeldLock, LintContext, LintRelation, Observed, StatementError } from '../lint/observation.js';
import type { LintDetection, LintRule } from './rule.js';
import {
  listed,
  locationOf,
  lockOn,
  lockWords,
  migrationFix,
  names,
  observedOf,
  seen,
  since,
  stops,
} from './wording.js';

/** A constraint is checked against all rows of an existing table while its writers wait. */
export const validatingScan: LintRule = {
  id: 'validating-scan',
  title: 'A constraint is checked against every row while the table is locked',
  severity: 'error',
  docs: {
    what: 'ADD CHECK, ADD FOREIGN KEY, SET NOT NULL, ATTACH PARTITION and VALIDATE CONSTRAINT that read an existing table from end to end while a lock stops its writers, seen by the rows that the statement read.',
    why: 'The scan takes as long as the table is large, and writers wait for it, readers too except for a foreign key. NOT VALID followed by VALIDATE CONSTRAINT in a later transaction does the same work and stops nobody.',
    limits:
      'The size of the production table is not known here. Tables that the same file makes are passed by, and so is what the server proves from a valid constraint without reading.',
    sources: ['https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT'],
  },
  check: (context) => observedOf(context).flatMap((each) => detect(context, each)),
};

const BY_CODE = [
  'DoStmt',
  'CallStmt',
  'RefreshMatViewStmt',
  'TruncateStmt',
  'IndexStmt',
  'ReindexStmt',
  'CreateTableAsStmt',
];

function detect(context: LintContext, observed: Observed): readonly LintDetection[] {
  const { statement, effects } = observed;
  const [kind = ''] = Object.keys(statement.tree);
  if (observed.outcome !== 'done' || statementKind(statement.tree) !== 'utility' || BY_CODE.includes(kind)) return [];
  if (!checksRows(observed)) return [];
  const scanned = scannedOf(observed).filter(
    ({ relation }) =>
      !effects.rewrites.some(({ oid }) => oid === relation.oid) &&
      !effects.indexBuilds.some(({ table }) => table.oid === relation.oid),
  );
  const [first] = scanned;
  if (first === undefined) return [];
  const table = quoteRelation(first.relation);
  const tables = names(scanned.map(({ relation }) => relation));
  const fix = safeWay(observed, first);
  return [
    {
      title: `All of ${listed(tables)} is read under a lock`,
      message: `The check reads every row of ${listed(tables)} under ${lockWords(first)}${since(first, statement)} and ${stops(first)} waits for that. ${fix === undefined ? 'Add the constraint as NOT VALID and validate it in a transaction of its own.' : 'Add it as NOT VALID here and validate it in a later file: that reads the table, too, and stops nobody.'}`,
      object: `${table}${constraintName(observed)}`,
      relations: tables,
      location: locationOf(statement),
      proof: seen(context, `rows of ${listed(tables)} were read under ${lockWords(first)}`),
      ...(fix === undefined ? {} : { fix }),
    },
  ];
}

/** What was read under a lock; a check that failed on a row has read it too. */
function scannedOf(observed: Observed): readonly HeldLock[] {
  const { effects, dataError } = observed;
  const read = effects.scans.flatMap(({ relation }) => lockOn(observed, relation) ?? []);
  if (dataError === null || !dataError.sqlState.startsWith('23')) return read;
  const checked = read.length > 0 ? read : effects.locks.filter(({ relation }) => relation.name === dataError.table);
  return checked.filter(({ relation }) => !isRefusedAtOnce(relation, dataError));
}

/** A column that the statement itself adds is NULL in the first row already. */
function isRefusedAtOnce({ name, columns }: LintRelation, { table, column }: StatementError): boolean {
  return name === table && column !== null && ![...columns.values()].some((each) => each.name === column);
}

/** A table that is new has no rows to be checked, whatever is read of the tables that its keys lead to. */
function checksRows({ statement, effects }: Observed): boolean {
  const create = bodyOf(statement.tree, 'CreateStmt');
  if (create !== null) return create.partbound !== undefined;
  const altered = bodyOf(statement.tree, 'AlterTableStmt')?.relation?.relname;
  if (/\bATTACH\s+PARTITION\b/i.test(statement.text)) return true;
  return altered === undefined || effects.locks.some(({ relation }) => relation.name === altered);
}

function commandOf({ statement }: Observed) {
  const commands = bodyOf(statement.tree, 'AlterTableStmt')?.cmds ?? [];
  return commands.length === 1 ? bodyOf(commands[0], 'AlterTableCmd') : null;
}

function constraintName(observed: Observed): string {
  const command = commandOf(observed);
  const name = bodyOf(command?.def, 'Constraint')?.conname ?? command?.name;
  return name === undefined ? '' : `.${quoteIdentifier(name)}`;
}

function safeWay(observed: Observed, { relation }: HeldLock): Fix | undefined {
  const command = commandOf(observed);
  const { statement } = observed;
  const altered = bodyOf(statement.tree, 'AlterTableStmt')?.relation;
  const table =
    altered === undefined
      ? ''
      : quoteRelation({ schema: altered.schemaname ?? relation.schema, name: altered.relname ?? '' });
  if (command?.subtype === 'AT_SetNotNull') {
    const column = quoteIdentifier(command.name ?? '');
    const check = quoteIdentifier(`${altered?.relname}_${command.name}_not_null`);
    return migrationFix([
      `ALTER TABLE ${table} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID`,
      `ALTER TABLE ${table} VALIDATE CONSTRAINT ${check}`,
      `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL`,
      `ALTER TABLE ${table} DROP CONSTRAINT ${check}`,
    ]);
  }
  const constraint = command?.subtype === 'AT_AddConstraint' ? bodyOf(command.def, 'Constraint') : null;
  if (constraint?.contype !== 'CONSTR_CHECK' && constraint?.contype !== 'CONSTR_FOREIGN') return undefined;
  if (constraint.conname === undefined || /\bNOT\s+VALID\b/i.test(statement.text)) return undefined;
  return migrationFix([
    `${statement.text} NOT VALID`,
    `ALTER TABLE ${table} VALIDATE CONSTRAINT ${quoteIdentifier(constraint.conname)}`,
  ]);
}
