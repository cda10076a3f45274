import type { AlterTableStmt, ClusterStmt, DefElem, IndexStmt, Node, ReindexStmt } from '@pgsql/types';
import { bodyOf } from '../sql/walk.js';

/** Tells whether PostgreSQL refuses a statement inside a transaction block. */
export function runsOutsideTransaction(tree: Node): boolean {
  const [kind] = Object.keys(tree);
  if (kind !== undefined && ALWAYS_OUTSIDE.has(kind)) return true;
  return (
    concurrentIndexOf(tree) !== null ||
    bodyOf(tree, 'DropStmt')?.concurrent === true ||
    bodyOf(tree, 'VacuumStmt')?.is_vacuumcmd === true ||
    bodyOf(tree, 'DiscardStmt')?.target === 'DISCARD_ALL' ||
    changesTablespace(bodyOf(tree, 'AlterDatabaseStmt')?.options) ||
    clustersEverything(bodyOf(tree, 'ClusterStmt')) ||
    reindexesOutside(bodyOf(tree, 'ReindexStmt')) ||
    detachesConcurrently(bodyOf(tree, 'AlterTableStmt'))
  );
}

/** Tells whether a statement may end transactions itself, so that none may be open around it. */
export function mayCommit(tree: Node): boolean {
  return 'CallStmt' in tree || 'DoStmt' in tree;
}

/** Gives the tree of CREATE INDEX CONCURRENTLY, or null for anything else. */
export function concurrentIndexOf(tree: Node): IndexStmt | null {
  const index = bodyOf(tree, 'IndexStmt');
  return index?.concurrent === true ? index : null;
}

/**
 * Tells whether a statement waits for old transactions while it holds locks that stop no reader and no writer: such
 * a wait may be long, and breaking it off leaves an INVALID index behind.
 */
export function waitsWithoutBlocking(tree: Node): boolean {
  const reindex = bodyOf(tree, 'ReindexStmt');
  return (
    concurrentIndexOf(tree) !== null ||
    bodyOf(tree, 'DropStmt')?.concurrent === true ||
    (reindex !== null && isConcurrent(reindex)) ||
    detachesConcurrently(bodyOf(tree, 'AlterTableStmt'))
  );
}

/** A change of the session's settings that outlives its transaction. */
export interface SettingChange {
  /** `lock_timeout`, or `all` for RESET ALL. */
  readonly name: string;
  /** It goes back to what the session began with. */
  readonly reset: boolean;
}

/** Gives what a SET or RESET changes for the session, or null for anything else. */
export function settingOf(tree: Node): SettingChange | null {
  const change = bodyOf(tree, 'VariableSetStmt');
  if (change === null || change.is_local === true) return null;
  if (change.kind === 'VAR_RESET_ALL') return { name: 'all', reset: true };
  const reset = change.kind === 'VAR_RESET' || change.kind === 'VAR_SET_DEFAULT';
  return { name: change.name ?? '', reset };
}

/** Names what a statement does to the transaction around it, or gives null where it leaves it alone. */
export function transactionControlOf(tree: Node): string | null {
  const kind = bodyOf(tree, 'TransactionStmt')?.kind;
  return kind === undefined ? null : (TRANSACTION_CONTROL[kind] ?? null);
}

/** Savepoints are missing on purpose: they live inside the file's transaction. */
const TRANSACTION_CONTROL: Readonly<Record<string, string>> = {
  TRANS_STMT_BEGIN: 'BEGIN',
  TRANS_STMT_START: 'START TRANSACTION',
  TRANS_STMT_COMMIT: 'COMMIT',
  TRANS_STMT_ROLLBACK: 'ROLLBACK',
  TRANS_STMT_PREPARE: 'PREPARE TRANSACTION',
  TRANS_STMT_COMMIT_PREPARED: 'COMMIT PREPARED',
  TRANS_STMT_ROLLBACK_PREPARED: 'ROLLBACK PREPARED',
};

const ALWAYS_OUTSIDE: ReadonlySet<string> = new Set([
  'CreatedbStmt',
  'DropdbStmt',
  'CreateTableSpaceStmt',
  'DropTableSpaceStmt',
  'AlterSystemStmt',
  'CreateSubscriptionStmt',
  'DropSubscriptionStmt',
]);

function changesTablespace(options: readonly Node[] | undefined): boolean {
  return (options ?? []).some((option) => bodyOf(option, 'DefElem')?.defname === 'tablespace');
}

function clustersEverything(cluster: ClusterStmt | null): boolean {
  return cluster !== null && cluster.relation === undefined;
}

function reindexesOutside(reindex: ReindexStmt | null): boolean {
  if (reindex === null) return false;
  return reindex.relation === undefined || isConcurrent(reindex);
}

function isConcurrent(reindex: ReindexStmt): boolean {
  return (reindex.params ?? []).some((param) => isOn(bodyOf(param, 'DefElem'), 'concurrently'));
}

function isOn(option: DefElem | null, name: string): boolean {
  if (option?.defname !== name) return false;
  const value = bodyOf(option.arg, 'String')?.sval ?? 'true';
  return !['false', 'off', '0'].includes(value.toLowerCase());
}

function detachesConcurrently(alter: AlterTableStmt | null): boolean {
  return (alter?.cmds ?? []).some((command) => {
    const detach = bodyOf(command, 'AlterTableCmd');
    return detach?.subtype === 'AT_DetachPartition' && bodyOf(detach.def, 'PartitionCmd')?.concurrent === true;
  });
}
