import { writeFileSync } from 'node:fs';
import { advisors } from '../src/advisors/index.js';
import { lintRules } from '../src/migrate/rules/index.js';
import { renderRulePage } from '../src/report/rules/markdown.js';

// Writes docs/rules/ from what the rules say of themselves: `npm run docs`.
for (const rule of [...advisors, ...lintRules])
  writeFileSync(new URL(`../docs/rules/${rule.id}.md`, import.meta.url), renderRulePage(rule));
