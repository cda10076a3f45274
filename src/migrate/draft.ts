import type { DoneMigration, MigrateResult, MigrationDirection, PlannedMigration } from '../model/migration.js';
import { type Ended, failureOf } from './failure.js';
import type { LedgerState, UnfinishedRow } from './ledger.js';
import type { PlannedScript } from './plan.js';
import { parseScript, type RunnableScript, ScriptFault } from './script.js';

/** A run's result while it grows. */
export interface Draft {
  readonly direction: MigrationDirection;
  readonly dryRun: boolean;
  readonly warnings: readonly string[];
  readonly planned: readonly PlannedScript[];
  readonly unfinished: readonly UnfinishedRow[];
  /** By version. */
  readonly scripts: ReadonlyMap<string, RunnableScript>;
  readonly done: DoneMigration[];
  readonly skipped: string[];
}

export interface DraftOptions {
  readonly direction: MigrationDirection;
  readonly dryRun: boolean;
  readonly warnings: readonly string[];
}

export interface Drafted {
  readonly draft: Draft;
  /** The first file that cannot run, or null. */
  readonly fault: Ended | null;
}

/** Takes all planned files apart before the first of them runs, so that a broken one stops the run at its start. */
export function draftRun(planned: readonly PlannedScript[], ledger: LedgerState, options: DraftOptions): Drafted {
  const scripts = new Map<string, RunnableScript>();
  const draft: Draft = { ...options, planned, unfinished: ledger.unfinished, scripts, done: [], skipped: [] };
  for (const each of planned) {
    try {
      scripts.set(each.migration.version, parseScript(each.migration, options.direction, each.script));
    } catch (error) {
      if (!(error instanceof ScriptFault)) throw error;
      return { draft, fault: { planned: each, error, statementsDone: 0 } };
    }
  }
  return { draft, fault: null };
}

/** Gives the result as it stands, with what ended the run where something did. */
export function resultOf(draft: Draft, ended: Ended | null): MigrateResult {
  const { direction, dryRun, warnings, done, skipped } = draft;
  return {
    ...{ direction, dryRun, warnings },
    planned: [...draft.scripts.values()].map((script) => describe(script, unfinishedOf(draft.unfinished, script))),
    done: [...done],
    skipped: [...skipped],
    failure: ended === null ? null : failureOf(ended),
  };
}

/** Gives where an earlier attempt at a file was broken off, or null. */
export function unfinishedOf(rows: readonly UnfinishedRow[], script: RunnableScript): UnfinishedRow | null {
  const { migration, direction } = script;
  return rows.find((row) => row.version === migration.version && row.direction === direction) ?? null;
}

function describe(script: RunnableScript, unfinished: UnfinishedRow | null): PlannedMigration {
  const { migration, path, transactional, statements } = script;
  return {
    ...{ version: migration.version, name: migration.name, path, transactional },
    statementsDone: transactional ? 0 : (unfinished?.statementsDone ?? 0),
    statements: statements.map(({ line, text }) => ({ line, sql: text })),
  };
}
