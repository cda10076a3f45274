import type { Evidence } from '../advisors/advisor.js';
import type { IndexSelection } from '../advisors/index-selection/selection.js';
import type { AdviceReport, StatementAdvice } from '../model/advice.js';
import { type IndexSpec, type Planner, plannedOnOf } from '../model/planner.js';
import { createExtensionSql, createIndexSql, indexName } from '../sql/index-definition.js';
import { quoteRelation } from '../sql/quote.js';
import { deleteMap } from './delete-map.js';
import type { Detected } from './detect.js';
import { groupSkipped } from './skipped-statements.js';

/** Puts together the report of one run. */
export function assembleReport(
  evidence: Evidence,
  detected: Detected,
  run: { readonly startedAt: Date; readonly finishedAt: Date; readonly version: string },
): AdviceReport {
  const { workload, selection, catalog, planner } = evidence;
  const read = evidence.statements.map(({ statement }) => statement);
  const refused = selection.unplannable.map(({ statement, reason }) => ({ reason, text: statement.statement.text }));
  const unplanned = new Set(selection.unplannable.map(({ statement }) => statement.statement));
  const planned = read.filter((statement) => !unplanned.has(statement));
  return {
    schemaVersion: 1,
    tool: { name: 'pgsteward', version: run.version },
    startedAt: run.startedAt.toISOString(),
    durationMs: run.finishedAt.getTime() - run.startedAt.getTime(),
    server: { version: catalog.server.version, major: catalog.server.major, plannedOn: planner.describe() },
    workload: {
      source: workload.sources,
      statements: planned.length,
      calls: planned.reduce((sum, statement) => sum + statement.calls, 0),
      totalTimeMs: planned.reduce((sum, statement) => sum + (statement.totalTimeMs ?? 0), 0),
      skipped: [...workload.skipped, ...groupSkipped(refused)],
    },
    findings: detected.findings,
    statements: statementAdvice(selection, { planner, unchanged: detected.unchanged ?? new Map() }),
    indexSet: {
      create: createStatements(selection.chosen.map(({ spec }) => spec)),
      drop: [
        ...new Set(
          selection.chosen.flatMap(({ replaces }) => replaces.map((index) => `DROP INDEX ${quoteRelation(index)}`)),
        ),
      ],
      sizeBytes: selection.sizeBytes,
      workloadCostBefore: selection.workloadCostBefore,
      workloadCostAfter: selection.workloadCostAfter,
      writeCost: selection.writeCost,
    },
    skippedRules: detected.skippedRules,
    withheld: detected.withheld ?? [],
    deletes: deleteMap(catalog, evidence.statements),
  };
}

/** What the proof has withheld serves nobody. */
function statementAdvice(
  { statements, chosen }: IndexSelection,
  { planner, unchanged }: { readonly planner: Planner; readonly unchanged: ReadonlyMap<string, string> },
): readonly StatementAdvice[] {
  const kept = new Set(chosen.map(({ spec }) => spec));
  return statements
    .map(({ statement: { statement, plannable }, costBefore, costAfter, servedBy, indexes: planned, reason }) => {
      const indexes = planned.filter((spec) => kept.has(spec)).map((spec) => indexName(spec));
      const { fingerprint, text, calls } = statement;
      const plannedOn = plannedOnOf(planner, [plannable]);
      const subqueries = unchanged.get(fingerprint);
      const isWithheld = planned.length > 0 && indexes.length === 0;
      return {
        fingerprint,
        text,
        calls,
        costBefore,
        costAfter: isWithheld ? costBefore : costAfter,
        servedBy,
        indexes,
        reason: isWithheld ? 'the index that was planned for it did not help when it was built' : reason,
        plannedOn,
        ...(subqueries === undefined ? {} : { subqueries }),
      };
    })
    .sort((a, b) => b.calls * b.costBefore - a.calls * a.costBefore || (a.fingerprint < b.fingerprint ? -1 : 1));
}

/** An extension that an index needs comes before the first of them, once. */
function createStatements(specs: readonly IndexSpec[]): readonly string[] {
  const statements = specs.flatMap((spec) => [
    ...(spec.extension === undefined ? [] : [createExtensionSql(spec.extension)]),
    createIndexSql(spec, { name: indexName(spec) }),
  ]);
  return [...new Set(statements)];
}
