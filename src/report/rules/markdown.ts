import type { Rule } from '../../model/rule.js';

/** Writes a rule's page for the documentation. */
export function renderRulePage(rule: Rule): string {
  return [
    `# ${rule.id}`,
    '',
    `${rule.title}. Severity: ${rule.severity}.`,
    '',
    '## What it finds',
    '',
    rule.docs.what,
    '',
    '## Why it matters',
    '',
    rule.docs.why,
    '',
    '## Limits',
    '',
    rule.docs.limits,
    '',
    '## Sources',
    '',
    ...rule.docs.sources.map((source) => `- <${source}>`),
    '',
  ].join('\n');
}
