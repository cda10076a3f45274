import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';
import { bodyOf } from '../../sql/walk.js';
import type { LintContext, LintRelation, Observed, ReplayedFile } from '../lint/observation.js';
import type { LintDetection, LintRule } from './rule.js';
import { locationOf, migrationFix, observedOf, seen } from './wording.js';

/** A statement writes every row of an existing table anew while nobody may read it. */
export const tableRewrite: LintRule = {
  id: 'table-rewrite',
  title: 'A statement writes an existing table anew',
  severity: 'error',
  docs: {
    what: 'Statements that give an existing table a new file, seen by its relfilenode: a type that is stored otherwise, a new column with a volatile default, a timestamp that becomes a timestamptz in a session that is not in UTC, SET LOGGED, SET ACCESS METHOD, CLUSTER, VACUUM FULL.',
    why: 'Every row is copied and every index built again under an ACCESS EXCLUSIVE lock, and the copy needs as much disk again. On a large table that is an outage.',
    limits:
      'Whether the server that runs the replay rewrites is what is seen: other majors may differ, so pass --major. Tables that the same file makes are passed by.',
    sources: ['https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES'],
  },
  check: (context) => [
    ...observedOf(context)
      .filter(({ statement }) => bodyOf(statement.tree, 'TruncateStmt') === null)
      .flatMap((each) =>
        each.effects.rewrites.filter(({ kind }) => kind !== 'm').map((table) => detect(context, each, table)),
      ),
    ...context.replayed.flatMap((file) => underOtherZones(context, file)),
  ],
};

/** A timestamp and a timestamptz are stored alike in UTC alone; the replay's own session is in UTC. */
function underOtherZones(context: LintContext, { observed, zoned }: ReplayedFile): readonly LintDetection[] {
  const seenAnyway = new Set(
    observed.flatMap(({ effects }) => [...effects.rewrites, ...effects.truncated].map(({ oid }) => oid)),
  );
  return zoned.rewrites
    .filter(({ relation }) => !seenAnyway.has(relation.oid))
    .flatMap(({ relation, statement }) => {
      if (statement === null) return [];
      const table = quoteRelation(relation);
      return [
        {
          severity: 'warn',
          class: 'by-time-zone',
          title: `${table} is written anew unless the session's time zone is UTC`,
          message: `In a session whose TimeZone is not UTC, every row of ${table} is copied and its indexes are built again while no query can read it; in UTC no row is touched. Where the values are meant as UTC, say so before the statement: SET LOCAL TimeZone = 'UTC'.`,
          object: table,
          relations: [table],
          location: locationOf(statement),
          proof: seen(context, `${table} has a new file under the time zone Etc/GMT-14, and keeps its own under UTC`),
          fix: migrationFix(
            ["SET LOCAL TimeZone = 'UTC'", statement.text],
            ['it reads the values that are there as UTC'],
          ),
        } satisfies LintDetection,
      ];
    });
}

function detect(context: LintContext, { statement }: Observed, relation: LintRelation): LintDetection {
  const table = quoteRelation(relation);
  const way = safeWay(statement.tree, relation);
  return {
    title: `${table} is written anew`,
    message: `Every row of ${table} is copied and its indexes are built again while no query can read it. ${way.words}`,
    object: table,
    relations: [table],
    location: locationOf(statement),
    proof: seen(context, `${table} has a new file`),
    ...(way.sql.length === 0 ? {} : { fix: migrationFix(way.sql, way.hazards) }),
  };
}

interface SafeWay {
  readonly words: string;
  readonly sql: readonly string[];
  readonly hazards: readonly string[];
}

function safeWay(tree: Observed['statement']['tree'], relation: LintRelation): SafeWay {
  const table = quoteRelation(relation);
  const commands = (bodyOf(tree, 'AlterTableStmt')?.cmds ?? []).flatMap((node) => bodyOf(node, 'AlterTableCmd') ?? []);
  const added = commands.find(({ subtype }) => subtype === 'AT_AddColumn');
  const column = quoteIdentifier(bodyOf(added?.def, 'ColumnDef')?.colname ?? added?.name ?? '');
  if (added !== undefined) {
    return {
      words: `Add ${column} without a default, set the default for new rows, and fill the old ones in batches.`,
      sql: [],
      hazards: [],
    };
  }
  const retyped = commands.find(({ subtype }) => subtype === 'AT_AlterColumnType');
  if (retyped !== undefined) {
    const old = quoteIdentifier(retyped.name ?? '');
    return {
      words: `Add a second column of the new type, keep it equal to ${old} by a trigger, fill it in batches, let the code read it, then drop ${old}.`,
      sql: [],
      hazards: [],
    };
  }
  if (bodyOf(tree, 'VacuumStmt') !== null || bodyOf(tree, 'ClusterStmt') !== null) {
    return {
      words: `Plain VACUUM makes the room of dead rows usable again and stops nobody; to give it back to the disk, use an extension that copies in the background.`,
      sql: [`VACUUM ${table}`],
      hazards: ['the file does not become smaller'],
    };
  }
  return { words: 'Do it in a window without traffic, or copy the table in the background.', sql: [], hazards: [] };
}
