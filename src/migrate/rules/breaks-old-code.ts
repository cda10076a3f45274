import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';
import { bodyOf } from '../../sql/walk.js';
import type { ColumnChange, LintContext, LintRelation, Observed, ReplayedFile } from '../lint/observation.js';
import type { LintDetection, LintRule } from './rule.js';
import { listed, locationOf, read, seen } from './wording.js';

/** Code that runs while the migration does no longer finds what it names. */
export const breaksOldCode: LintRule = {
  id: 'breaks-old-code',
  title: 'Code of the release before no longer finds what it names',
  severity: 'warn',
  docs: {
    what: 'Columns that may be NULL from now on, renamed tables, views, columns, schemas and enum values, dropped columns and views, views that show fewer columns than before, and columns whose type changes its kind or becomes narrower, seen by comparing the catalog before and after each statement.',
    why: 'While a release goes out, the code before it still runs. It names what is gone and fails until the last of it has stopped; and taking the release back does not help.',
    limits:
      'What the code really uses is not known here: a column that no release reads any more may go. A table that is renamed and leaves a view of its old name is passed by.',
    sources: ['https://www.postgresql.org/docs/current/sql-altertable.html'],
  },
  check: (context) => context.replayed.flatMap((file) => file.observed.flatMap((each) => detect(context, file, each))),
};

function detect(context: LintContext, file: ReplayedFile, observed: Observed): readonly LintDetection[] {
  const { statement, effects, outcome } = observed;
  if (outcome !== 'done') return [];
  const found = [
    ...[...effects.renamed.map(({ relation }) => relation), ...effects.dropped.filter(isView)].flatMap((relation) =>
      lostColumns(file, relation),
    ),
    ...effects.renamed
      .filter(({ relation }) => !file.stillNamed.has(`${relation.schema}.${relation.name}`))
      .map(({ relation, to }) => ({
        object: quoteRelation(relation),
        what: `${quoteRelation(relation)} is now called ${to}`,
        cure: `Leave a view of the old name, or add ${to} beside it and drop ${relation.name} a release later.`,
      })),
    ...effects.dropped
      .filter((relation) => isView(relation) && !file.stillNamed.has(`${relation.schema}.${relation.name}`))
      .map((relation) => ({
        object: quoteRelation(relation),
        what: `the view ${quoteRelation(relation)} is gone`,
        cure: 'Drop it a release after the last code that reads it.',
      })),
    ...effects.columnChanges.flatMap(columnBreak),
  ];
  const proof = seen(context, 'the catalog before and after the statement');
  const changes = found.map((each) => ({ ...each, proof }));
  return [...changes, ...byText(observed)].map(({ object, what, cure, proof: how, ...rest }) => ({
    ...rest,
    title: `Code that runs meanwhile fails: ${what}`,
    message: `While the release goes out, ${what}, and code of the release before fails on it. ${cure}`,
    object,
    location: locationOf(statement),
    proof: how,
  }));
}

function isView({ kind }: LintRelation): boolean {
  return kind === 'v' || kind === 'm';
}

/** Of a table or a view that leaves its name to a view which shows less of it. */
function lostColumns({ stillNamed }: ReplayedFile, relation: LintRelation) {
  const lost = stillNamed.get(`${relation.schema}.${relation.name}`) ?? [];
  if (lost.length === 0) return [];
  const object = quoteRelation(relation);
  const what = `${object} has ${listed(lost)} no more`;
  return [{ object, what, cure: 'Take columns out of it a release after the last code that names them.' }];
}

function columnBreak({ relation, kind, column, now }: ColumnChange) {
  const table = quoteRelation(relation);
  const object = `${table}.${quoteIdentifier(column.name)}`;
  if (kind === 'dropped') {
    return [{ object, what: `${object} is gone`, cure: 'Drop it a release after the last code that names it.' }];
  }
  if (kind === 'renamed') {
    const cure = `Add ${now?.name} beside it, keep both equal by a trigger, and drop ${column.name} a release later.`;
    return [{ object, what: `${object} is now called ${now?.name}`, cure }];
  }
  if (isWider(column.type, now?.type ?? '')) return [];
  const cure = 'Add a column of the new type beside it, and let the code move over.';
  return [{ object, what: `${object} is now ${now?.type} instead of ${column.type}`, cure }];
}

/** Types whose values code reads alike, the narrower one first. */
const FAMILIES: readonly (readonly string[])[] = [
  ['smallint', 'integer', 'bigint', 'numeric'],
  ['real', 'double precision'],
  ['character varying', 'text'],
];

/** Tells whether every value of a type reads the same in another one. */
function isWider(from: string, to: string): boolean {
  const [fromName, fromLength] = split(from);
  const [toName, toLength] = split(to);
  if (fromName === toName) return toLength === null || (fromLength !== null && fromLength <= toLength);
  const family = FAMILIES.find((names) => names.includes(fromName) && names.includes(toName)) ?? [];
  return family.indexOf(fromName) < family.indexOf(toName) && toLength === null;
}

function split(type: string): readonly [string, number | null] {
  const length = /\((\d+)/.exec(type)?.[1];
  return [type.replace(/\(.*?\)/, ''), length === undefined ? null : Number(length)];
}

/** What leaves no trace on a relation. */
function byText(observed: Observed) {
  const { statement } = observed;
  const rename = bodyOf(statement.tree, 'RenameStmt');
  if (rename?.renameType === 'OBJECT_SCHEMA') {
    const what = `the schema ${rename.subname} is now called ${rename.newname}`;
    return [
      { object: `${rename.subname}`, what, cure: 'Move what is in it one by one.', proof: read('the statement') },
    ];
  }
  const nullable = droppedNotNull(observed);
  if (nullable !== null) return [nullable];
  const label = bodyOf(statement.tree, 'AlterEnumStmt');
  if (label?.oldVal === undefined) return [];
  const what = `the enum value '${label.oldVal}' is now called '${label.newVal}'`;
  const cure = 'Add the new value beside it, and move rows and code over.';
  return [{ object: label.oldVal, what, cure, proof: read('the statement') }];
}

/** Of a table that was there before: NULLs are what the code before does not reckon with. */
function droppedNotNull({ statement, effects }: Observed) {
  const altered = bodyOf(statement.tree, 'AlterTableStmt');
  const lock = effects.locks.find(
    ({ relation, by }) => relation.name === altered?.relation?.relname && by === statement,
  );
  const commands = (altered?.cmds ?? []).flatMap((node) => bodyOf(node, 'AlterTableCmd') ?? []);
  const column = commands.find(({ subtype }) => subtype === 'AT_DropNotNull')?.name;
  if (column === undefined || lock === undefined) return null;
  const object = `${quoteRelation(lock.relation)}.${quoteIdentifier(column)}`;
  return {
    ...{ severity: 'info' as const, class: 'nullable', object, what: `${object} may be NULL` },
    cure: 'Let the code read NULL there first, and write it a release later.',
    proof: read('the statement'),
  };
}
