import type { Advisor, Detection, Evidence, LoopEvidence, SettingTrial, Trial } from '../advisors/advisor.js';
import { advisors, loopAdvisors } from '../advisors/index.js';
import { StewardError } from '../errors.js';
import type { WithheldFinding } from '../model/advice.js';
import type { Finding } from '../model/finding.js';

export interface Detected {
  readonly findings: readonly Finding[];
  readonly skippedRules: readonly { readonly ruleId: string; readonly reason: string }[];
  readonly withheld?: readonly WithheldFinding[];
  /** What may be run on rows, by the key of its finding. */
  readonly trials?: ReadonlyMap<string, Trial>;
  /** The same of fixes that change settings or statistics. */
  readonly settingTrials?: ReadonlyMap<string, SettingTrial>;
  /** Why the subqueries of a statement stay as they are, by its fingerprint. */
  readonly unchanged?: ReadonlyMap<string, string>;
}

/** Refuses rule ids that no rule bears, nor any of the others that are known. */
export function checkRules(rules: readonly string[], others: readonly string[] = []): void {
  const unknown = rules.filter((id) => !others.includes(id) && !advisors.some((advisor) => advisor.id === id));
  if (unknown.length === 0) return;
  throw new StewardError('usage', `there is no rule ${unknown.map((id) => JSON.stringify(id)).join(', ')}`, {
    hint: 'pgsteward rules lists them all',
  });
}

interface Choice {
  /** Ids of the rules to run; empty for all. */
  readonly rules: readonly string[];
  /** Keys of findings to leave out. */
  readonly ignore: readonly string[];
}

/** Runs the rules and stamps their identity on what they found. */
export async function detect(evidence: Evidence, choice: Choice): Promise<Detected> {
  const findings: Finding[] = [];
  const skippedRules: { ruleId: string; reason: string }[] = [];
  const trials = new Map<string, Trial>();
  const settingTrials = new Map<string, SettingTrial>();
  const unchanged = new Map<string, string>();
  for (const advisor of chosen(advisors, choice)) {
    const detections = await advisor.detect({ ...evidence, rules: choice.rules });
    findings.push(...toFindings(advisor, detections, choice));
    for (const each of detections) {
      if (each.kind === 'skipped') skippedRules.push({ ruleId: advisor.id, reason: each.reason });
      else if (each.kind === 'unchanged') unchanged.set(each.fingerprint, each.reason);
      else if (each.trial !== undefined) trials.set(each.key, each.trial);
      else if (each.settingTrial !== undefined) settingTrials.set(each.key, each.settingTrial);
    }
  }
  return { findings, skippedRules, trials, settingTrials, unchanged };
}

/** Runs the rules about loops alone, which need no planner. */
export async function detectLoops(evidence: LoopEvidence, choice: Choice): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const advisor of chosen(loopAdvisors, choice))
    findings.push(...toFindings(advisor, await advisor.detect(evidence), choice));
  return findings;
}

function chosen<T extends Advisor>(from: readonly T[], { rules }: Choice): readonly T[] {
  return rules.length === 0 ? from : from.filter(({ id }) => rules.includes(id));
}

function toFindings(
  { id, severity }: Advisor,
  detections: readonly Detection[],
  { ignore }: Choice,
): readonly Finding[] {
  return detections.flatMap((detection) => {
    if (detection.kind !== 'finding' || ignore.includes(detection.key)) return [];
    const { kind: _, trial: __, settingTrial: ___, ...finding } = detection;
    return [{ severity, ...finding, ruleId: id }];
  });
}
