import type { AdviceReport } from '../../model/advice.js';
import type { Finding, Severity } from '../../model/finding.js';
import { GRADE_MEANING, savingSentence } from './wording.js';

/** OASIS SARIF 2.1.0, the format that code hosts show beside the lines of a pull request. */
const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const LEVEL: Readonly<Record<Severity, string>> = { error: 'error', warn: 'warning', info: 'note' };

/** Gives the report as SARIF 2.1.0; a finding's key is its fingerprint, so that hosts recognise it between runs. */
export function renderAdviceSarif(report: AdviceReport): string {
  const ruleIds = [...new Set(report.findings.map(({ ruleId }) => ruleId))].sort();
  const started = Date.parse(report.startedAt);
  const run = {
    tool: {
      driver: { name: report.tool.name, version: report.tool.version, rules: ruleIds.map((id) => ({ id })) },
    },
    invocations: [
      {
        executionSuccessful: true,
        startTimeUtc: new Date(started).toISOString(),
        endTimeUtc: new Date(started + report.durationMs).toISOString(),
        toolExecutionNotifications: report.workload.skipped.map(({ reason, count }) => ({
          level: 'note',
          message: { text: literal(`${count} of the workload's statements left out: ${reason}`) },
        })),
      },
    ],
    results: report.findings.map((finding) => resultOf(finding, ruleIds.indexOf(finding.ruleId))),
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

function resultOf(finding: Finding, ruleIndex: number): object {
  const { ruleId, severity, key, title, message, proof, evidence } = finding;
  const saving = savingSentence(finding);
  const sentences = [`${title}. ${message}`, `${GRADE_MEANING[proof.grade]}.`, ...(saving === null ? [] : [saving])];
  return {
    ruleId,
    ruleIndex,
    level: LEVEL[severity],
    message: { text: literal(sentences.join('\n')) },
    locations: locationsOf(finding),
    partialFingerprints: { 'pgsteward/key/v1': key },
    properties: { class: finding.class, grade: proof.grade, evidence },
  };
}

function locationsOf({ location, relations }: Finding): readonly object[] {
  const logicalLocations = relations.map((name) => ({ fullyQualifiedName: name, kind: 'object' }));
  const logical = logicalLocations.length === 0 ? {} : { logicalLocations };
  if (location === null) return logicalLocations.length === 0 ? [] : [logical];
  const { file, line, column } = location;
  const region = { startLine: line, startColumn: column };
  return [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, region }, ...logical }];
}

/** A relative path stays relative: hosts resolve it against the repository. */
function uriOf(file: string): string {
  const path = file.replace(/\\/g, '/').replace(/^\.\//, '').split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${path}` : path;
}

/** SARIF reads `{0}` as a placeholder (§3.11.5) and `[a](b)` as a link (§3.11.6): both are escaped. */
function literal(text: string): string {
  return text.replace(/\{(\d+)\}/g, '{{$1}}').replace(/[\\[\]]/g, '\\$&');
}
