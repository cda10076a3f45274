import type { LockedRelation } from './catalog-state.js';
import type { LintStatement } from './lint-file.js';
import type { ColumnChange, Effects, HeldLock, LintRelation, LockMode } from './observation.js';

/** What a file's statements have come to so far; it is handed on from each statement to the next. */
export interface Standing {
  /** The largest object id of all that was there before the file. */
  readonly newestOid: number;
  /** What was there before the file, by object id, as the last statement left it; what the file made is missing. */
  readonly relations: ReadonlyMap<number, LintRelation>;
  readonly locks: readonly HeldLock[];
  readonly rowsScanned: ReadonlyMap<number, number>;
  /** Indexes that the file's statements made. */
  readonly known: ReadonlySet<number>;
}

/** Modes that stop writers, the weakest first; the last stops readers too. */
const BLOCKING_MODES: readonly LockMode[] = [
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

/** Compares what a transaction has locked with what stood before, for one statement. */
export function effectsOf(
  before: Standing,
  locked: readonly LockedRelation[],
  statement: LintStatement,
): { readonly effects: Effects; readonly after: Standing } {
  const known = locked.flatMap((now) => {
    const was = before.relations.get(now.oid);
    return was === undefined ? [] : [{ was, now }];
  });
  const locks = [...before.locks, ...newLocks(known, before, statement)].filter(
    ({ relation }) => !locked.some(({ oid, relation: now }) => oid === relation.oid && now === null),
  );
  const effects: Effects = {
    locks,
    scans: known.flatMap(({ was, now }) => {
      const rows = now.rowsScanned - (before.rowsScanned.get(was.oid) ?? 0);
      return rows > 0 && isTable(was) ? [{ relation: was, rows }] : [];
    }),
    ...fileChanges(known),
    indexBuilds: indexBuilds(before, locked),
    dropped: known.flatMap(({ was, now }) => (now.relation === null ? [was] : [])),
    renamed: known.flatMap(({ was, now }) => renameOf(was, now.relation)),
    columnChanges: known.flatMap(({ was, now }) => columnChanges(was, now.relation)),
  };
  return { effects, after: standingAfter(before, locked, locks) };
}

interface Pair {
  readonly was: LintRelation;
  readonly now: LockedRelation;
}

function isTable({ kind }: LintRelation): boolean {
  return kind === 'r' || kind === 'p' || kind === 'm';
}

function newLocks(pairs: readonly Pair[], before: Standing, by: LintStatement): HeldLock[] {
  return pairs.flatMap(({ was, now }) => {
    const mode = BLOCKING_MODES.filter((each) => now.modes.includes(each)).at(-1);
    if (mode === undefined || !isTable(was)) return [];
    const held = before.locks.filter(({ relation }) => relation.oid === was.oid);
    return held.some((lock) => BLOCKING_MODES.indexOf(lock.mode) >= BLOCKING_MODES.indexOf(mode))
      ? []
      : [{ relation: was, mode, by }];
  });
}

function fileChanges(pairs: readonly Pair[]): Pick<Effects, 'rewrites' | 'truncated'> {
  const changed = pairs.filter(
    ({ was, now }) => isTable(was) && now.relation !== null && now.relation.filenode !== was.filenode,
  );
  const empty = ({ was, now }: Pair) => now.relation?.sizeBytes === 0 && was.sizeBytes > 0;
  return {
    rewrites: changed.filter((pair) => !empty(pair)).map(({ was }) => was),
    truncated: changed.filter(empty).map(({ was }) => was),
  };
}

function indexBuilds(before: Standing, locked: readonly LockedRelation[]): Effects['indexBuilds'] {
  // A change of type that leaves an index as it is gives its file to an index of another id.
  const files = new Set([...before.relations.values()].map(({ filenode }) => filenode));
  return locked.flatMap(({ oid, relation, definition }) => {
    const table = before.relations.get(relation?.tableOid ?? -1);
    if (relation === null || table === undefined || before.relations.has(oid) || before.known.has(oid)) return [];
    if (relation.filenode !== 0 && files.has(relation.filenode)) return [];
    return [{ index: relation, table, sql: definition ?? '' }];
  });
}

function renameOf(was: LintRelation, now: LintRelation | null): Effects['renamed'] {
  if (now === null || was.kind === 'i' || was.kind === 'I') return [];
  if (now.name === was.name && now.schema === was.schema) return [];
  return [{ relation: was, to: now.schema === was.schema ? now.name : `${now.schema}.${now.name}` }];
}

function columnChanges(was: LintRelation, now: LintRelation | null): readonly ColumnChange[] {
  // Columns are read of relations under an ACCESS EXCLUSIVE lock alone: nothing less changes one.
  if (now === null || now.columns.size === 0) return [];
  return [...was.columns].flatMap(([number, column]): ColumnChange[] => {
    const changed = now.columns.get(number) ?? null;
    const change = { relation: was, column, now: changed };
    if (changed === null) return [{ ...change, kind: 'dropped' }];
    if (changed.name !== column.name) return [{ ...change, kind: 'renamed' }];
    return changed.type === column.type ? [] : [{ ...change, kind: 'retyped' }];
  });
}

function standingAfter(before: Standing, locked: readonly LockedRelation[], locks: readonly HeldLock[]): Standing {
  if (locked.length === 0) return before;
  const relations = new Map(before.relations);
  for (const { oid, relation } of locked) {
    const was = relations.get(oid);
    if (was === undefined) continue;
    if (relation === null) relations.delete(oid);
    else relations.set(oid, { ...relation, columns: remaining(was, relation) });
  }
  return {
    newestOid: before.newestOid,
    relations,
    locks,
    rowsScanned: new Map([...before.rowsScanned, ...locked.map(({ oid, rowsScanned }) => [oid, rowsScanned] as const)]),
    known: new Set([...before.known, ...locked.map(({ oid }) => oid)]),
  };
}

/** Columns that the file itself added are not to be watched. */
function remaining(was: LintRelation, now: LintRelation): LintRelation['columns'] {
  if (now.columns.size === 0) return was.columns;
  return new Map([...now.columns].filter(([number]) => was.columns.has(number)));
}
