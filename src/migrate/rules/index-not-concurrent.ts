import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';
import { bodyOf } from '../../sql/walk.js';
import type { LintContext, Observed } from '../lint/observation.js';
import type { LintDetection, LintRule } from './rule.js';
import { listed, locationOf, lockOn, lockWords, migrationFix, names, observedOf, seen, stops } from './wording.js';

/** An index of an existing table is built, rebuilt or dropped in a way that stops its writers. */
export const indexNotConcurrent: LintRule = {
  id: 'index-not-concurrent',
  title: 'An index of an existing table is built without CONCURRENTLY',
  severity: 'error',
  docs: {
    what: 'CREATE INDEX, ADD PRIMARY KEY, ADD UNIQUE, REINDEX and DROP INDEX without CONCURRENTLY on a table that was there before the file, seen by the new index and the lock while the file runs on a private server.',
    why: 'The build reads the whole table while writers wait, or readers too where a constraint is added. CONCURRENTLY reads it twice and stops nobody.',
    limits:
      'The size of the production table is not known here: a build on a few thousand rows takes milliseconds. Tables that the same file makes are passed by. CONCURRENTLY does not work on a partitioned table as a whole: build on each partition, then attach.',
    sources: [
      'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
      'https://www.postgresql.org/docs/current/sql-altertable.html',
    ],
  },
  check: (context) => observedOf(context).flatMap((each) => detect(context, each)),
};

function detect(context: LintContext, observed: Observed): readonly LintDetection[] {
  const { statement, effects } = observed;
  if (bodyOf(statement.tree, 'ReindexStmt') !== null) return reindexed(context, observed);
  if (bodyOf(statement.tree, 'DropStmt')?.removeType === 'OBJECT_INDEX') return dropped(context, observed);
  if (isExclusion(observed)) return [];
  const builds = effects.indexBuilds.filter(
    ({ table }) => lockOn(observed, table) !== undefined && !effects.rewrites.some(({ oid }) => oid === table.oid),
  );
  const [first] = builds;
  const lock = first === undefined ? undefined : lockOn(observed, first.table);
  if (first === undefined || lock === undefined) return [];
  const index = quoteIdentifier(first.index.name);
  const table = quoteRelation(first.table);
  return [
    {
      title: `Building ${index} stops writers of ${table}`,
      message: `It reads all of ${listed(names(builds.map((build) => build.table)))} under ${lockWords(lock)}, so ${stops(lock)} waits until it is done. Build the index CONCURRENTLY in a file of its own${bodyOf(statement.tree, 'IndexStmt') === null ? ', then make the constraint of it with USING INDEX' : ''}.`,
      object: `${table}.${index}`,
      relations: names(builds.map((build) => build.table)),
      location: locationOf(statement),
      proof: seen(context, `a new index on ${table} under ${lockWords(lock)}`),
      fix: migrationFix(concurrentBuild(observed, first), ['a build that is broken off leaves an INVALID index']),
    },
  ];
}

function isExclusion({ statement }: Observed): boolean {
  const commands = bodyOf(statement.tree, 'AlterTableStmt')?.cmds ?? [];
  return commands.some(
    (node) => bodyOf(bodyOf(node, 'AlterTableCmd')?.def, 'Constraint')?.contype === 'CONSTR_EXCLUSION',
  );
}

function concurrentBuild(
  { statement }: Observed,
  build: Observed['effects']['indexBuilds'][number],
): readonly string[] {
  const own = bodyOf(statement.tree, 'IndexStmt');
  if (own !== null) return [statement.text.replace(/\bINDEX\b/i, 'INDEX CONCURRENTLY')];
  const create = build.sql.replace(/\bINDEX\b/, 'INDEX CONCURRENTLY');
  const constraint = constraintKind(statement.text);
  if (constraint === null) return [create];
  const name = quoteIdentifier(build.index.name);
  return [create, `ALTER TABLE ${quoteRelation(build.table)} ADD CONSTRAINT ${name} ${constraint} USING INDEX ${name}`];
}

function constraintKind(text: string): string | null {
  if (/\bPRIMARY\s+KEY\b/i.test(text)) return 'PRIMARY KEY';
  return /\bUNIQUE\b/i.test(text) ? 'UNIQUE' : null;
}

function dropped(context: LintContext, { statement, effects, outcome }: Observed): readonly LintDetection[] {
  if (bodyOf(statement.tree, 'DropStmt')?.concurrent === true || outcome !== 'done') return [];
  return effects.dropped.slice(0, 1).map((index) => ({
    severity: 'warn',
    class: 'drop',
    title: `Dropping ${quoteRelation(index)} stops its table`,
    message: `It needs an ACCESS EXCLUSIVE lock on the table of ${quoteRelation(index)}: it waits for every query that is under way, and all that come later wait behind it. DROP INDEX CONCURRENTLY stops nobody.`,
    object: quoteRelation(index),
    location: locationOf(statement),
    proof: seen(context, 'an ACCESS EXCLUSIVE lock on the table'),
    fix: migrationFix([statement.text.replace(/\bINDEX\b/i, 'INDEX CONCURRENTLY')]),
  }));
}

function reindexed(context: LintContext, { statement, outcome, effects }: Observed): readonly LintDetection[] {
  if (outcome !== 'done' || /\bCONCURRENTLY\b/i.test(statement.text)) return [];
  const { kind, relation } = bodyOf(statement.tree, 'ReindexStmt') ?? {};
  if (effects.locks.length === 0 && relation !== undefined) return [];
  const target = relation?.relname ?? 'the database';
  return [
    {
      class: 'reindex',
      title: `Rebuilding ${kind === 'REINDEX_OBJECT_INDEX' ? 'the index' : 'the indexes of'} ${target} stops writers`,
      message: `REINDEX reads the table while writers wait, and queries that would use the index wait too. REINDEX ... CONCURRENTLY stops nobody.`,
      object: target,
      relations: names(effects.locks.map((lock) => lock.relation)),
      location: locationOf(statement),
      proof: seen(context, 'a SHARE lock on the table'),
      fix: migrationFix([statement.text.replace(/\b(INDEX|TABLE|SCHEMA|DATABASE)\b(?!.*\b\1\b)/i, '$1 CONCURRENTLY')]),
    },
  ];
}
