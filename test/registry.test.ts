import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { advisors } from '../src/advisors/index.js';
import { commands } from '../src/commands/index.js';
import { lintRules } from '../src/migrate/rules/index.js';
import { renderRulePage } from '../src/report/rules/markdown.js';

const path = (relative: string) => new URL(`../${relative}`, import.meta.url).pathname;
const NO_RULE = ['advisor.ts', 'rule.ts', 'wording.ts', 'index.ts'];
const ROOMS = [
  { room: 'advisors', tests: 'advisors', rules: advisors },
  { room: 'migrate/rules', tests: 'migrate/rules/cases', rules: lintRules },
];
const EVERY = ROOMS.flatMap(({ tests, rules }) => rules.map((rule) => ({ tests, rule, id: rule.id })));

describe('the registry of rules', () => {
  it.each(ROOMS)('names every rule file in $room/ and nothing else', ({ room, rules }) => {
    const files = readdirSync(path(`src/${room}`), { withFileTypes: true })
      .filter((entry) => entry.isFile() && !NO_RULE.includes(entry.name))
      .map((entry) => entry.name.replace(/\.ts$/, ''));
    expect(rules.map((rule) => rule.id).sort()).toEqual(files.sort());
  });

  it.each(EVERY)('has a test and whole docs for $id', ({ tests, rule }) => {
    expect(readdirSync(path(`test/${tests}`)).some((file) => file.startsWith(`${rule.id}.`))).toBe(true);
    expect(readFileSync(path(`docs/rules/${rule.id}.md`), 'utf8')).toBe(renderRulePage(rule));
    for (const text of [rule.title, rule.docs.what, rule.docs.why, rule.docs.limits]) expect(text).not.toBe('');
    expect(rule.docs.sources.length).toBeGreaterThan(0);
  });

  it('gives no two rules of a room and no two commands one name', () => {
    const names = ROOMS.map(({ rules }) => rules.map(({ id }) => id));
    for (const each of [...names, commands.map((command) => command.name)])
      expect(new Set(each).size).toBe(each.length);
  });

  it('lets a rule of both rooms say the same of itself in both', () => {
    for (const { rule, id } of EVERY)
      for (const other of EVERY.filter((each) => each.id === id)) expect(other.rule.docs).toBe(rule.docs);
  });
});
