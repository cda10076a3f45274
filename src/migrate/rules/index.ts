import { blockingLock } from './blocking-lock.js';
import { breaksOldCode } from './breaks-old-code.js';
import { brokenFunctionBody } from './broken-function-body.js';
import { clusterGlobalObject } from './cluster-global-object.js';
import { concurrentlyInTransaction } from './concurrently-in-transaction.js';
import { deadBackfill } from './dead-backfill.js';
import { destroysData } from './destroys-data.js';
import { duplicateIndex } from './duplicate-index.js';
import { duplicateVersion } from './duplicate-version.js';
import { editedAfterApply } from './edited-after-apply.js';
import { embeddedTransaction } from './embedded-transaction.js';
import { failsOnData } from './fails-on-data.js';
import { failsOnReplay } from './fails-on-replay.js';
import { foreignKeyWithoutIndex } from './foreign-key-without-index.js';
import { implicitOnDelete } from './implicit-on-delete.js';
import { indexNotConcurrent } from './index-not-concurrent.js';
import { jsonColumn } from './json-column.js';
import { missingDown } from './missing-down.js';
import { missingRole } from './missing-role.js';
import { mixedUuidGenerators } from './mixed-uuid-generators.js';
import { mutableSearchPath } from './mutable-search-path.js';
import { narrowKey } from './narrow-key.js';
import { noPrimaryKey } from './no-primary-key.js';
import { notIdempotent } from './not-idempotent.js';
import { outOfOrder } from './out-of-order.js';
import { overlappingPolicies } from './overlapping-policies.js';
import { paddedText } from './padded-text.js';
import { policyAsksPerRow } from './policy-asks-per-row.js';
import { policyWithoutRowSecurity } from './policy-without-row-security.js';
import { rowSecurityWithoutPolicy } from './row-security-without-policy.js';
import type { LintRule } from './rule.js';
import { serialColumn } from './serial-column.js';
import { tableRewrite } from './table-rewrite.js';
import { timeZoneDependent } from './time-zone-dependent.js';
import { timestampWithoutTimeZone } from './timestamp-without-time-zone.js';
import { truncatedIdentifier } from './truncated-identifier.js';
import { unbatchedBackfill } from './unbatched-backfill.js';
import { unportableRegType } from './unportable-reg-type.js';
import { unrecognisedFile } from './unrecognised-file.js';
import { validatingScan } from './validating-scan.js';
import { viewBypassesRowSecurity } from './view-bypasses-row-security.js';
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
  noPrimaryKey,
  foreignKeyWithoutIndex,
  duplicateIndex,
  narrowKey,
  serialColumn,
  jsonColumn,
  timestampWithoutTimeZone,
  paddedText,
  unportableRegType,
  mutableSearchPath,
  policyWithoutRowSecurity,
  rowSecurityWithoutPolicy,
  overlappingPolicies,
  policyAsksPerRow,
  viewBypassesRowSecurity,
  truncatedIdentifier,
  unbatchedBackfill,
  timeZoneDependent,
];
