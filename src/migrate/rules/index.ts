import { blockingLock } from './blocking-lock.js';
import { breaksOldCode } from './breaks-old-code.js';
import { brokenFunctionBody } from './broken-function-body.js';
import { clusterGlobalObject } from './cluster-global-object.js';
import { concurrentlyInTransaction } from './concurrently-in-transaction.js';
import { deadBackfill } from './dead-backfill.js';
import { destroysData } from './destroys-data.js';
import { duplicateVersion } from './duplicate-version.js';
import { editedAfterApply } from './edited-after-apply.js';
import { embeddedTransaction } from './embedded-transaction.js';
import { failsOnData } from './fails-on-data.js';
import { failsOnReplay } from './fails-on-replay.js';
import { implicitOnDelete } from './implicit-on-delete.js';
import { indexNotConcurrent } from './index-not-concurrent.js';
import { missingDown } from './missing-down.js';
import { missingRole } from './missing-role.js';
import { mixedUuidGenerators } from './mixed-uuid-generators.js';
import { notIdempotent } from './not-idempotent.js';
import { outOfOrder } from './out-of-order.js';
import type { LintRule } from './rule.js';
import { tableRewrite } from './table-rewrite.js';
import { unrecognisedFile } from './unrecognised-file.js';
import { validatingScan } from './validating-scan.js';
import { writesLedgerRule } from './writes-ledger.js';

/** Every rule about migrations, in the order in which they run. */
export const lintRules: readonly LintRule[] = [
  duplicateVersion,
  unrecognisedFile,
  missingDown,
  outOfOrder,
  editedAfterApply,
  failsOnReplay,
  missingRole,
  failsOnData,
  blockingLock,
  indexNotConcurrent,
  tableRewrite,
  validatingScan,
  concurrentlyInTransaction,
  embeddedTransaction,
  breaksOldCode,
  destroysData,
  deadBackfill,
  writesLedgerRule,
  clusterGlobalObject,
  brokenFunctionBody,
  notIdempotent,
  implicitOnDelete,
  mixedUuidGenerators,
];
