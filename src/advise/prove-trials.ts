import type { ProofRequest } from '../proof/prove.js';
import { measureWays } from '../proof/prove-rewrites.js';
import type { Detected } from './detect.js';
import { judgeTrial } from './judge-trial.js';
import { proveEach } from './prove-each.js';

/**
 * Runs statements and what may take their place on the scratch database. A finding bears what was measured and recommends
 * what was fastest, an index before a rewrite that is hardly faster; one of which nothing is faster is withheld, and that is
 * told.
 */
export async function proveTrials(detected: Detected, request: ProofRequest): Promise<Detected> {
  const { statementTimeoutMs: limitMs } = request;
  return proveEach(detected, request, {
    trials: detected.trials,
    prove: async (finding, { session, trial, measuredOn }) => {
      const measured = await measureWays(session, trial, limitMs);
      return judgeTrial(finding, { trial, measured, measuredOn, limitMs });
    },
  });
}
