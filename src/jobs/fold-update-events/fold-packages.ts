import type { Session } from '../../postgres/session.js';
import { foldSql } from './fold-sql.js';
import { keyColumns, type PackageKey } from './key.js';
import type { FoldTables } from './own-names.js';
import type { FoldProgress } from './progress.js';
import { historySql, statesSql, untoldSql } from './write-sql.js';

/** Which events of some packages are folded. */
export interface FoldScope {
  readonly keys: readonly PackageKey[];
  /** Events that are new: everything else of the packages is known by the progress to be folded, or does not count yet. */
  readonly newIds: readonly string[];
  /** Events that were folded in this very transaction. */
  readonly foldedIds: readonly string[];
  readonly progress: Pick<FoldProgress, 'watermark' | 'horizon' | 'sweptTo'>;
  /** Mends rows from their events, and keeps of what people have set the approvals alone. */
  readonly mends: boolean;
}

/** Gives the values of foldSql's parameters. */
export function foldValues(scope: FoldScope, everything = false): readonly unknown[] {
  const { watermark, horizon, sweptTo } = scope.progress;
  return [
    ...keyColumns(scope.keys),
    ...[scope.newIds, scope.foldedIds, watermark, horizon, sweptTo, scope.mends, everything],
  ];
}

/** Brings the rows of some packages, and the history of what was installed, to what their events say: one statement. */
export async function foldPackages(session: Session, tables: FoldTables, scope: FoldScope): Promise<void> {
  await session.queryPlanned(
    `${foldSql(tables, { locks: true })}, untold AS (${untoldSql(IS_TOLD)}
     ), history AS (${historySql('untold')})
     ${statesSql('folded')}`,
    foldValues(scope),
  );
}

/** True of the events that the history has to tell of, in a fold of `foldSql`. */
export const IS_TOLD = '(event.is_new OR $9::boolean)';
