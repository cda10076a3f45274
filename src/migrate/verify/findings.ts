import type { Difference } from '../../model/drift.js';
import type { Finding, Fix, Proof } from '../../model/finding.js';
import type { MigrationFailure } from '../../model/migration.js';
import type { RoundTrip } from './round-trip.js';
import { undoSql } from './undo-sql.js';

/** Gives what a round trip has shown; nothing where the schema came back and came again. */
export function findingsOf(trip: RoundTrip, serverVersion: string): readonly Finding[] {
  const { migration } = trip;
  const seen = [...failures(trip), ...changes(trip)];
  const detail = `up, down and up again on PostgreSQL ${serverVersion}`;
  const proof: Proof = { grade: 'executed', method: 'round trip', detail };
  return seen.map(({ object, ...each }) => ({
    ...{ ...COMMON, proof, ...each },
    key: `${each.ruleId}:${migration.version}_${migration.name}:${object}`,
  }));
}

const COMMON = { class: null, severity: 'error', relations: [], queries: [], evidence: [], fix: null } as const;

/** What differs from finding to finding. */
type Seen = Pick<Finding, 'ruleId' | 'title' | 'message' | 'location'> &
  Partial<Finding> & {
    /** What the key tells it by beside the file. */
    readonly object: string;
  };

function failures({ migration, failed }: RoundTrip): readonly Seen[] {
  if (failed === null) return [];
  const { step, failure } = failed;
  const said = `${failure.message}${failure.sqlState === null ? '' : ` (SQLSTATE ${failure.sqlState})`}`;
  const common = { object: step, location: placeOf(failure) };
  const [up, down] = [migration.up.path, migration.down?.path ?? ''];
  switch (step) {
    case 'up':
      return [
        {
          ...{ ...common, ruleId: 'fails-on-replay', title: `The file does not apply: ${failure.message}` },
          message: `On a database that the files before it have built, PostgreSQL says of ${up}: ${said}. The files behind it were verified without it.`,
        },
      ];
    case 'down':
      return [
        {
          ...{
            ...common,
            ruleId: 'down-does-not-restore',
            class: 'down-fails',
            title: `The down file fails: ${failure.message}`,
          },
          message: `Right after ${up}, on empty tables, PostgreSQL says of ${down}: ${said}.`,
        },
      ];
    case 'up again':
      return [
        {
          ...{ ...common, ruleId: 'down-does-not-restore', class: 'up-again-fails' },
          title: `The up file fails after its down file: ${failure.message}`,
          message: `After ${down}, PostgreSQL says of ${up}: ${said}. What the down file leaves behind, or takes too much of, stands in its way.`,
        },
      ];
  }
}

function changes({ migration, notRestored, notRepeated }: RoundTrip): readonly Seen[] {
  const down = migration.down?.path ?? '';
  const common = { ruleId: 'down-does-not-restore', location: startOf(down) };
  return [
    ...(notRestored.length === 0
      ? []
      : [
          {
            ...{ ...common, class: 'not-restored', object: 'down', relations: relationsOf(notRestored) },
            title: 'The down file does not bring the schema back',
            message: `After ${down} the schema is not what it was before ${migration.up.path}: ${listed(notRestored, LEFT)}.`,
            fix: fixOf(notRestored),
          },
        ]),
    ...(notRepeated.length === 0
      ? []
      : [
          {
            ...{ ...common, class: 'not-repeated', object: 'up again', relations: relationsOf(notRepeated) },
            title: 'The up file makes another schema after its down file',
            message: `After ${migration.up.path}, ${down} and the up file again, the schema is not what it was after the first time: ${listed(notRepeated, NEW)}.`,
          },
        ]),
  ];
}

/** How an object is spoken of that should not be there. */
const LEFT = 'is left behind';
const NEW = 'is there too';

function listed(differences: readonly Difference[], unexpected: string): string {
  return differences
    .map(({ kind, objectType, object, attribute, expected, actual }) => {
      if (kind === 'missing') return `${objectType} ${object} is gone`;
      if (kind === 'unexpected') return `${objectType} ${object} ${unexpected}`;
      return `${objectType} ${object}: ${attribute} was ${expected ?? 'none'} and is ${actual ?? 'none'}`;
    })
    .join('; ');
}

/** Null where a statement does not follow from each of the differences. */
function fixOf(differences: readonly Difference[]): Fix | null {
  const statements = differences.map(undoSql).filter((sql) => sql !== null);
  if (statements.length < differences.length) return null;
  const sql = statements.map((each) => ({ sql: each, transactional: true, lockTimeoutMs: 3000, hazards: [] }));
  return { kind: 'migration', sql, undo: [], rewrittenQuery: null, files: [] };
}

function relationsOf(differences: readonly Difference[]): readonly string[] {
  return differences.filter(({ objectType }) => objectType === 'table').map(({ object }) => object);
}

function startOf(file: string) {
  return { file, line: 1, column: 1 };
}

function placeOf({ path, line }: MigrationFailure) {
  return { file: path, line: line ?? 1, column: 1 };
}
