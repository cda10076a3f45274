import type { BenchQuery, BenchReport } from '../../model/bench.js';
import { type Markup, markup } from '../markup.js';
import { formatDuration, formatRatio } from '../units.js';

/**
 * Gives the report as JUnit XML, for the test view of a CI system: a case for each query, failed where the gate names
 * it and skipped where it could not be judged, and one for each other reason of the gate.
 */
export function renderBenchJunit(report: BenchReport): string {
  const cases = [...report.queries.map((query) => queryCase(query, report)), ...otherCases(report)];
  const failures = cases.filter(({ kind }) => kind === 'failed').length;
  const skipped = cases.filter(({ kind }) => kind === 'skipped').length;
  const seconds = (report.durationMs / 1_000).toFixed(3);
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="pgsteward bench" tests="${cases.length}" failures="${failures}" skipped="${skipped}" time="${seconds}">
<testsuite name="pgsteward bench" tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}" time="${seconds}" timestamp="${report.startedAt}">
${cases.map(({ body }) => body)}</testsuite>
</testsuites>
`.markup;
}

interface Case {
  readonly kind: 'passed' | 'failed' | 'skipped';
  readonly body: Markup;
}

function queryCase(query: BenchQuery, { gate }: BenchReport): Case {
  const reasons = gate.reasons.filter((reason) => concerns(reason, query.name));
  const { point, low, high } = query.latencyRatio;
  const figures = `${query.verdict}: latency × ${formatRatio(point)} (${formatRatio(low)} to ${formatRatio(high)}), p50 ${formatDuration(query.p50Ms.before)} to ${formatDuration(query.p50Ms.after)}`;
  const kind = reasons.length > 0 ? 'failed' : query.verdict === 'inconclusive' ? 'skipped' : 'passed';
  return testCase({
    name: query.name,
    kind,
    message: reasons.length > 0 ? reasons.join('\n') : figures,
    output: figures,
  });
}

/** Broken queries, writes and whatever else closes the gate, each once; skipped queries. */
function otherCases({ gate, queries, skipped = [] }: BenchReport): readonly Case[] {
  const others = gate.reasons.filter((reason) => !queries.some(({ name }) => concerns(reason, name)));
  return [
    ...others.map((reason) => testCase({ name: reason, kind: 'failed', message: reason, output: '' })),
    ...skipped.map(({ name, reason }) => testCase({ name, kind: 'skipped', message: reason, output: '' })),
  ];
}

function concerns(reason: string, name: string): boolean {
  return reason.startsWith(`${name}:`) || reason.startsWith(`${name} regressed`);
}

function testCase({
  name,
  kind,
  message,
  output,
}: {
  readonly name: string;
  readonly kind: Case['kind'];
  readonly message: string;
  readonly output: string;
}): Case {
  const result =
    kind === 'failed'
      ? markup`<failure message="${message}">${message}</failure>`
      : kind === 'skipped'
        ? markup`<skipped message="${message}"/>`
        : markup`<system-out>${output}</system-out>`;
  return { kind, body: markup`<testcase classname="pgsteward.bench" name="${name}">${result}</testcase>\n` };
}
