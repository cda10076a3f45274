import type { Finding } from '../../src/model/finding.js';

/** A finding of this key; the text of its statement must go nowhere. */
export function findingOf(key: string): Finding {
  const costs = { calls: 1, totalTimeMs: 1, costBefore: 1, costAfter: 1, planBefore: null, planAfter: null };
  return {
    ...{ ruleId: 'missing-index', class: null, severity: 'warn', key, title: `title of ${key}`, message: 'm' },
    ...{ relations: ['public.t'], location: null, evidence: [], fix: null },
    queries: [{ role: 'statement', fingerprint: 'f', text: 'SELECT secret', ...costs }],
    proof: { grade: 'planned', method: 'm', detail: '' },
  };
}
