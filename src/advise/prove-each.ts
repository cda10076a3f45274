import type { WithheldFinding } from '../model/advice.js';
import type { Finding } from '../model/finding.js';
import type { Session } from '../postgres/session.js';
import type { ProofRequest } from '../proof/prove.js';
import { onScratch } from '../proof/scratch.js';
import type { Detected } from './detect.js';

/** What one finding is tried with. */
export interface Attempt<Trial> {
  readonly session: Session;
  readonly trial: Trial;
  /** `scratch 18.4`. */
  readonly measuredOn: string;
}

interface Trials<Trial> {
  /** By the key of their finding. */
  readonly trials: ReadonlyMap<string, Trial> | undefined;
  /** Gives the finding with what was seen, or why it is withheld. */
  prove(finding: Finding, attempt: Attempt<Trial>): Promise<Finding | string>;
}

/** Tries findings on the scratch database, one after the other; what is withheld is told. */
export async function proveEach<Trial>(
  detected: Detected,
  request: ProofRequest,
  { trials = new Map(), prove }: Trials<Trial>,
): Promise<Detected> {
  if (trials.size === 0) return detected;
  return onScratch(request, async (session, measuredOn) => {
    const findings: Finding[] = [];
    const withheld: WithheldFinding[] = [];
    for (const finding of detected.findings) {
      const trial = trials.get(finding.key);
      const proved = trial === undefined ? finding : await prove(finding, { session, trial, measuredOn });
      if (typeof proved !== 'string') findings.push(proved);
      else withheld.push({ ruleId: finding.ruleId, key: finding.key, reason: proved });
    }
    return { ...detected, findings, withheld: [...(detected.withheld ?? []), ...withheld] };
  });
}
