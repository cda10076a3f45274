import type { Finding } from '../../src/model/finding.js';

/** Gives a finding that proposes these indexes; its statement's text holds what must never reach a file. */
export function indexFinding(key: string, ...sql: readonly string[]): Finding {
  return {
    ruleId: 'missing-index',
    class: null,
    severity: 'warn',
    key,
    title: 'Missing index',
    message: 'An index is missing.',
    relations: ['public.agent_commands'],
    location: null,
    queries: [
      {
        role: 'statement',
        fingerprint: '0123456789abcdef',
        text: "SELECT * FROM agent_commands WHERE email = 'ada@example.org'",
        calls: 1234,
        totalTimeMs: 5,
        costBefore: 4321.5,
        costAfter: 8.456,
        planBefore: "Filter: (email = 'ada@example.org')",
        planAfter: null,
      },
    ],
    evidence: [{ name: 'index size', value: 81920, unit: 'bytes', source: 'estimated on twin 18.4' }],
    proof: { grade: 'planned', method: 'twin 18.4', detail: 'ada@example.org' },
    fix: {
      kind: 'create-index',
      sql: sql.map((each) => ({ sql: each, transactional: false, lockTimeoutMs: 3000, hazards: [] })),
      undo: [],
      rewrittenQuery: null,
      files: [],
    },
  };
}
