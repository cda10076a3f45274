import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectValidAdviceReport } from '../../report/report-schema.js';
import { type CaseLinter, judgedFindings, labelOf, readCaseGroups, startCaseLinter } from './case-linter.js';

const groups = await readCaseGroups();

let linter: CaseLinter;

beforeAll(async () => {
  linter = await startCaseLinter();
});

afterAll(() => linter.stop());

describe.each(groups)('$rule', ({ rule, cases }) => {
  it.each(cases)('$name', async (each) => {
    const report = await linter.lint(each);
    expectValidAdviceReport(report);
    const counted = judgedFindings(report, rule);
    expect(counted.map(labelOf).sort()).toEqual([...each.finds].sort());
    const first = counted.find(({ ruleId }) => ruleId === rule);
    if (each.message !== undefined) expect(first?.message).toBe(each.message);
    if (each.fix !== undefined) expect(first?.fix?.sql.map(({ sql }) => sql)).toEqual(each.fix);
  });
});
