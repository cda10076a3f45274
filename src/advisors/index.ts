import type { Advisor, LoopAdvisor } from './advisor.js';
import { allRowsForExtremes } from './all-rows-for-extremes.js';
import { bloatedIndex } from './bloated-index.js';
import { checkLiteralTooLong } from './check-literal-too-long.js';
import { correlatedSubquery } from './correlated-subquery.js';
import { countedExistence } from './counted-existence.js';
import { deepOffset } from './deep-offset.js';
import { defaultOutsideCheck } from './default-outside-check.js';
import { distinctOverFanOut } from './distinct-over-fan-out.js';
import { duplicateQuery } from './duplicate-query.js';
import { exhaustingKey } from './exhausting-key.js';
import { exhaustingSequence } from './exhausting-sequence.js';
import { implicitCrossJoin } from './implicit-cross-join.js';
import { implicitOnDelete } from './implicit-on-delete.js';
import { invalidIndex } from './invalid-index.js';
import { joinBeforeGrouping } from './join-before-grouping.js';
import { joinFanOut } from './join-fan-out.js';
import { laggingAutovacuum } from './lagging-autovacuum.js';
import { lateLimit } from './late-limit.js';
import { misestimatedRows } from './misestimated-rows.js';
import { missedHotUpdates } from './missed-hot-updates.js';
import { missingIndex } from './missing-index.js';
import { missingPrimaryKey } from './missing-primary-key.js';
import { mixedTimestampTypes } from './mixed-timestamp-types.js';
import { mixedUuidGenerators } from './mixed-uuid-generators.js';
import { nPlusOne } from './n-plus-one.js';
import { needlessDistinct } from './needless-distinct.js';
import { needlessOrder } from './needless-order.js';
import { nonSargablePredicate } from './non-sargable-predicate.js';
import { optimizationFence } from './optimization-fence.js';
import { orInJoin } from './or-in-join.js';
import { orWithSubquery } from './or-with-subquery.js';
import { pagingCount } from './paging-count.js';
import { randomOrder } from './random-order.js';
import { redundantIndex } from './redundant-index.js';
import { repeatedScan } from './repeated-scan.js';
import { rowByRowDml } from './row-by-row-dml.js';
import { selfShadowedSubquery } from './self-shadowed-subquery.js';
import { sortedDistinctAggregate } from './sorted-distinct-aggregate.js';
import { spillingSort } from './spilling-sort.js';
import { staleStatistics } from './stale-statistics.js';
import { unaskedGroups } from './unasked-groups.js';
import { unboundedTable } from './unbounded-table.js';
import { unindexedForeignKey } from './unindexed-foreign-key.js';
import { unreachablePartialIndex } from './unreachable-partial-index.js';
import { unsharedBound } from './unshared-bound.js';
import { unusedIndex } from './unused-index.js';
import { unusedJoin } from './unused-join.js';
import { wraparoundAge } from './wraparound-age.js';

/** The rules about loops of calls, which need nothing but the calls. */
export const loopAdvisors: readonly LoopAdvisor[] = [nPlusOne, rowByRowDml, duplicateQuery];

/** Every rule about workloads and schemas, in the order in which they run. */
export const advisors: readonly Advisor[] = [
  missingIndex,
  invalidIndex,
  redundantIndex,
  unindexedForeignKey,
  unreachablePartialIndex,
  unusedIndex,
  bloatedIndex,
  ...loopAdvisors,
  correlatedSubquery,
  nonSargablePredicate,
  selfShadowedSubquery,
  joinFanOut,
  implicitCrossJoin,
  unusedJoin,
  distinctOverFanOut,
  unaskedGroups,
  repeatedScan,
  orWithSubquery,
  allRowsForExtremes,
  joinBeforeGrouping,
  sortedDistinctAggregate,
  optimizationFence,
  orInJoin,
  needlessDistinct,
  needlessOrder,
  lateLimit,
  unsharedBound,
  countedExistence,
  deepOffset,
  pagingCount,
  randomOrder,
  spillingSort,
  misestimatedRows,
  unboundedTable,
  staleStatistics,
  implicitOnDelete,
  mixedUuidGenerators,
  checkLiteralTooLong,
  defaultOutsideCheck,
  mixedTimestampTypes,
  missingPrimaryKey,
  exhaustingKey,
  exhaustingSequence,
  wraparoundAge,
  laggingAutovacuum,
  missedHotUpdates,
];
