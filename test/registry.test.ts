import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { advisors } from '../src/advisors/index.js';
import { commands } from '../src/commands/index.js';
import { renderRulePage } from '../src/report/rules/markdown.js';

const path = (relative: string) => new URL(`../${relative}`, import.meta.url).pathname;
const NO_RULE = ['advisor.ts', 'index.ts'];

describe('the registry of rules', () => {
  it('names every rule file in advisors/ and nothing else', () => {
    const files = readdirSync(path('src/advisors'), { withFileTypes: true })
      .filter((entry) => entry.isFile() && !NO_RULE.includes(entry.name))
      .map((entry) => entry.name.replace(/\.ts$/, ''));
    expect(advisors.map((advisor) => advisor.id).sort()).toEqual(files.sort());
  });

  it.each(advisors.map((advisor) => [advisor.id, advisor] as const))(
    'has a test and whole docs for %s',
    (id, advisor) => {
      const tests = readdirSync(path('test/advisors'));
      expect(tests.some((file) => file.startsWith(`${id}.`))).toBe(true);
      expect(readFileSync(path(`docs/rules/${id}.md`), 'utf8')).toBe(renderRulePage(advisor));
      for (const text of [advisor.title, advisor.docs.what, advisor.docs.why, advisor.docs.limits])
        expect(text).not.toBe('');
      expect(advisor.docs.sources.length).toBeGreaterThan(0);
    },
  );

  it('gives no two rules and no two commands one name', () => {
    for (const names of [advisors.map((advisor) => advisor.id), commands.map((command) => command.name)]) {
      expect(new Set(names).size).toBe(names.length);
    }
  });
});
