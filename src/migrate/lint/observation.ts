import type { FinalObjects } from './final-objects.js';
import type { LintFile, LintSet, LintStatement } from './lint-file.js';
import type { ProductionSizes } from './production.js';

/** A relation as the catalog has it. */
export interface LintRelation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** pg_class.relkind: `r` table, `p` partitioned table, `m` materialised view, `v` view, `i` and `I` index. */
  readonly kind: string;
  readonly filenode: number;
  readonly temporary: boolean;
  /** Of the main file, when it was last looked at. */
  readonly sizeBytes: number;
  /** Its columns by number; empty for indexes. */
  readonly columns: ReadonlyMap<number, LintColumn>;
  /** Of an index: its table. */
  readonly tableOid: number | null;
}

export interface LintColumn {
  readonly name: string;
  /** As format_type writes it. */
  readonly type: string;
}

export type LockMode =
  | 'AccessShareLock'
  | 'RowShareLock'
  | 'RowExclusiveLock'
  | 'ShareUpdateExclusiveLock'
  | 'ShareLock'
  | 'ShareRowExclusiveLock'
  | 'ExclusiveLock'
  | 'AccessExclusiveLock';

/** A lock that stops writers, or readers too, on a relation that was there before the file. */
export interface HeldLock {
  readonly relation: LintRelation;
  readonly mode: LockMode;
  /** The statement that took it. */
  readonly by: LintStatement;
}

/** An error of PostgreSQL, with what it names. */
export interface StatementError {
  readonly sqlState: string;
  readonly message: string;
  readonly detail: string | null;
  readonly table: string | null;
  readonly column: string | null;
  readonly constraint: string | null;
}

/** What one statement did to what was there before its file. */
export interface Effects {
  /** Locks that stop writers or readers, this statement's own and those that earlier ones of its transaction hold. */
  readonly locks: readonly HeldLock[];
  /** Rows that it read from tables by sequential scans. */
  readonly scans: readonly { readonly relation: LintRelation; readonly rows: number }[];
  /** Tables and materialised views of which it wrote new files. */
  readonly rewrites: readonly LintRelation[];
  readonly truncated: readonly LintRelation[];
  readonly indexBuilds: readonly { readonly index: LintRelation; readonly table: LintRelation; readonly sql: string }[];
  readonly dropped: readonly LintRelation[];
  readonly renamed: readonly { readonly relation: LintRelation; readonly to: string }[];
  readonly columnChanges: readonly ColumnChange[];
}

/** What became of a column that was there before the file. */
export interface ColumnChange {
  readonly relation: LintRelation;
  readonly kind: 'dropped' | 'renamed' | 'retyped';
  readonly column: LintColumn;
  /** As it is now; null where it is dropped. */
  readonly now: LintColumn | null;
}

const NO_EFFECTS: Effects = {
  ...{
    locks: [],
    scans: [],
    rewrites: [],
    truncated: [],
    indexBuilds: [],
    dropped: [],
    renamed: [],
    columnChanges: [],
  },
};

/** One statement as it went on the private server. */
export interface Observed {
  readonly statement: LintStatement;
  /** `passed by`: it was not run, or what it needs is not to be had on this server. */
  readonly outcome: 'done' | 'failed' | 'passed by';
  /** Why it failed or was passed by; null where it is done. */
  readonly reason: string | null;
  readonly error: StatementError | null;
  /** What it failed with on the rows that the schema before it allows; it went through without them. */
  readonly dataError: StatementError | null;
  readonly missingRoles: readonly string[];
  readonly rowsAffected: number;
  readonly durationMs: number;
  readonly effects: Effects;
  /** An UPDATE or DELETE that met no row, and why it never can; null otherwise. */
  readonly deadReason: string | null;
}

/** An observation with nothing observed. */
export function blank(statement: LintStatement): Observed {
  return {
    statement,
    outcome: 'done',
    reason: null,
    error: null,
    dataError: null,
    missingRoles: [],
    rowsAffected: 0,
    durationMs: 0,
    effects: NO_EFFECTS,
    deadReason: null,
  };
}

/** One file as it went. */
export interface ReplayedFile {
  readonly file: LintFile;
  readonly observed: readonly Observed[];
  readonly again: SecondRun | null;
  /** Names, as `schema.name`, that something bears after a file which took them away, and the columns that it lacks. */
  readonly stillNamed: ReadonlyMap<string, readonly string[]>;
  /** What came out otherwise under another time zone. */
  readonly zoned: ZonedOutcome;
  readonly durationMs: number;
}

/** What depends on the session's time zone. */
export interface ZonedOutcome {
  readonly objects: readonly ZonedObject[];
  /** Tables that get a new file under a time zone other than UTC, under which the replay itself runs. */
  readonly rewrites: readonly { readonly relation: LintRelation; readonly statement: LintStatement | null }[];
}

/** Something that a file leaves otherwise under another time zone. */
export interface ZonedObject {
  readonly table: string;
  /** A column, or a default, constraint or bound in words, with its table. */
  readonly object: string;
  /** The statement that made it so; null where none names it. */
  readonly statement: LintStatement | null;
}

/** What a second run of a file came to. */
export interface SecondRun {
  /** The statement that stood out; null where the file as a whole did, at its COMMIT. */
  readonly statement: LintStatement | null;
  readonly reason: string;
}

/** All that a rule may look at. */
export interface LintContext {
  readonly set: LintSet;
  readonly replayed: readonly ReplayedFile[];
  readonly final: FinalSchema;
  /** Sizes of the tables of a production database; null where none were given. */
  readonly production: ProductionSizes | null;
  /** Of the database that was named; null where none was. */
  readonly known: KnownDatabase | null;
  /** Schema of the program's own tables. */
  readonly ownSchema: string;
  /** `18.4`. */
  readonly serverVersion: string;
}

/** What a database has by itself. */
export interface KnownDatabase {
  readonly applied: readonly { readonly version: string; readonly checksum: string }[];
  readonly roles: ReadonlySet<string>;
}

/** The schema that all files together gave. */
export interface FinalSchema {
  readonly foreignKeys: readonly FinalForeignKey[];
  readonly uuidDefaults: readonly UuidDefault[];
  readonly brokenBodies: readonly BrokenBody[];
  readonly objects: FinalObjects;
}

export interface FinalForeignKey {
  readonly table: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly references: string;
  /** pg_constraint.confdeltype: `a` for NO ACTION. */
  readonly onDelete: string;
}

export interface UuidDefault {
  readonly table: string;
  readonly column: string;
  readonly generator: string;
}

/** A statement within a function that the server refuses. */
export interface BrokenBody {
  /** Schema-qualified. */
  readonly routine: string;
  readonly name: string;
  readonly bodyLine: number;
  readonly reason: string;
}
