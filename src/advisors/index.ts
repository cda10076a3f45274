import type { Advisor, LoopAdvisor } from './advisor.js';
import { bloatedIndex } from './bloated-index.js';
import { correlatedSubquery } from './correlated-subquery.js';
import { duplicateQuery } from './duplicate-query.js';
import { invalidIndex } from './invalid-index.js';
import { missingIndex } from './missing-index.js';
import { nPlusOne } from './n-plus-one.js';
import { redundantIndex } from './redundant-index.js';
import { rowByRowDml } from './row-by-row-dml.js';
import { unindexedForeignKey } from './unindexed-foreign-key.js';
import { unreachablePartialIndex } from './unreachable-partial-index.js';
import { unusedIndex } from './unused-index.js';

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
];
