/** The migrations of one or several folders, in the order in which they apply. */
export interface MigrationFolder {
  readonly dirs: readonly string[];
  readonly migrations: readonly Migration[];
  /** Files that end in `.sql` and belong to no migration. They are named to the user and never run. */
  readonly unrecognised: readonly UnrecognisedFile[];
}

/** One version: a file that takes a schema forward and, where there is one, the file that takes it back. */
export interface Migration {
  /** Leading digits and an optional letter, as the file's name has them: `0017`, `012b`. */
  readonly version: string;
  /** What follows the version: `add_agents`. */
  readonly name: string;
  /** The name in words: `add agents`. */
  readonly description: string;
  /** SHA-256, hexadecimal, over the normalised text of both files. */
  readonly checksum: string;
  readonly up: MigrationScript;
  /** Null where there is no down file. */
  readonly down: MigrationScript | null;
  /** Why it cannot be taken back, from the directive of either file; null where it can. */
  readonly irreversible: string | null;
}

export interface MigrationScript {
  readonly path: string;
  /** Line feeds alone, no byte order mark. */
  readonly text: string;
  readonly directives: readonly MigrationDirective[];
}

/** A line `-- pgsteward: …` of a migration. */
export type MigrationDirective =
  | { readonly kind: 'no-transaction'; readonly line: number }
  | { readonly kind: 'irreversible'; readonly line: number; readonly reason: string }
  | { readonly kind: 'ignore'; readonly line: number; readonly ruleId: string; readonly reason: string };

export interface UnrecognisedFile {
  readonly path: string;
  readonly reason: string;
}

export type MigrationDirection = 'up' | 'down';
export type MigrationStatus = 'applied' | 'pending' | 'edited' | 'missing' | 'failed';

/** What `migrate status` prints. */
export interface MigrationStatusReport {
  readonly files: readonly MigrationFileStatus[];
  readonly gate: MigrationGate;
  /** Files that were passed by, one sentence each. */
  readonly warnings: readonly string[];
}

export interface MigrationFileStatus {
  readonly version: string;
  readonly name: string;
  readonly status: MigrationStatus;
  /** ISO-8601, the database's clock; null where it is not applied. */
  readonly appliedAt: string | null;
  /** The next thing to do about it; null where nothing is to be done. */
  readonly wayOut: string | null;
}

/** What `migrate repair` has put right. */
export interface RepairResult {
  readonly version: string;
  readonly name: string;
  readonly was: MigrationStatus;
  /** What was done, as it follows the version in a sentence. */
  readonly did: string;
  /** As it stands in the history. */
  readonly reason: string;
}

/** Whether the code that ships these files may start on this database. */
export interface MigrationGate {
  readonly open: boolean;
  readonly reasons: readonly string[];
}

/** What a run of migrations did, or with `dryRun` would do. */
export interface MigrateResult {
  readonly direction: MigrationDirection;
  readonly dryRun: boolean;
  readonly planned: readonly PlannedMigration[];
  /** In the order in which they ran; the failed one is not among them. */
  readonly done: readonly DoneMigration[];
  /** Versions that another runner did while this one waited for its turn. */
  readonly skipped: readonly string[];
  readonly warnings: readonly string[];
  /** The file that ended the run, or null where all went well. */
  readonly failure: MigrationFailure | null;
  /** How the plan went on a private server, where a dry run was asked to try it. */
  readonly rehearsal?: Rehearsal;
}

export interface PlannedMigration {
  readonly version: string;
  readonly name: string;
  readonly path: string;
  /** False where its statements run and commit one by one. */
  readonly transactional: boolean;
  /** The first so many statements ran in an earlier attempt and are not run again; 0 as a rule. */
  readonly statementsDone: number;
  readonly statements: readonly PlannedStatement[];
}

interface PlannedStatement {
  readonly line: number;
  readonly sql: string;
}

/** How planned files went on a private server. */
export interface Rehearsal {
  /** Version of that server: `18.4`; null where there was none. */
  readonly server: string | null;
  /** Why nothing was tried; null where it was. */
  readonly notTried: string | null;
  readonly files: readonly RehearsedFile[];
}

export interface RehearsedFile {
  readonly version: string;
  readonly path: string;
  readonly statements: readonly RehearsedStatement[];
}

/** What a statement did to what was there before its file. */
export interface RehearsedStatement {
  readonly line: number;
  readonly outcome: 'done' | 'failed' | 'passed by';
  /** Why it failed or was passed by; null where it is done. */
  readonly reason: string | null;
  /** What it failed with on made-up rows, without which it went through; null where they were no hindrance. */
  readonly failsOnRows: string | null;
  /** Locks that it took and that stop writers, or readers too. */
  readonly locks: readonly { readonly relation: string; readonly mode: string }[];
  readonly rewrites: readonly string[];
  /** Tables that it read from end to end. */
  readonly scans: readonly string[];
  readonly indexBuilds: readonly string[];
  readonly drops: readonly string[];
  readonly empties: readonly string[];
}

export interface DoneMigration {
  readonly version: string;
  readonly name: string;
  readonly path: string;
  readonly durationMs: number;
  readonly statements: number;
  /** How often it began again because a lock was held by somebody else. */
  readonly lockRetries: number;
}

export interface MigrationFailure {
  readonly version: string;
  readonly name: string;
  readonly path: string;
  /** Line of the statement that failed; null where no statement did. */
  readonly line: number | null;
  readonly sqlState: string | null;
  readonly message: string;
  /** Statements of this file that stay done: 0 where its transaction was rolled back. */
  readonly statementsDone: number;
}
