import { describe, expect, it } from 'vitest';
import type { AdviceReport } from '../../../src/model/advice.js';
import { renderAdviceSarif } from '../../../src/report/advice/sarif.js';
import { adviceReport, finding } from '../advice-report.js';
import { fleetAdvice } from '../fleet-report.js';

interface SarifLog {
  version: string;
  $schema: string;
  runs: {
    tool: { driver: { name: string; rules: { id: string }[] } };
    invocations: { executionSuccessful: boolean; startTimeUtc: string; endTimeUtc: string }[];
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      locations: { physicalLocation?: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
      partialFingerprints: Record<string, string>;
    }[];
  }[];
}

const sarif = (report: AdviceReport) => JSON.parse(renderAdviceSarif(report)) as SarifLog;

describe('the SARIF report', () => {
  it('has what SARIF 2.1.0 requires', () => {
    const log = sarif(fleetAdvice());
    expect(log.version).toBe('2.1.0');
    expect(log.$schema).toContain('sarif-2.1.0');
    expect(log.runs).toHaveLength(1);
    expect(log.runs[0]?.tool.driver.name).toBe('pgsteward');
    expect(log.runs[0]?.invocations[0]?.executionSuccessful).toBe(true);
    expect(log.runs[0]?.invocations[0]?.endTimeUtc).toBe('2026-03-02T09:30:06.830Z');
  });

  it('gives each finding its rule, its level and a message', () => {
    const [run] = sarif(fleetAdvice()).runs;
    expect(run?.results.map(({ ruleId, level }) => `${ruleId} ${level}`)).toEqual([
      'missing-index warning',
      'missing-index error',
      'unindexed-foreign-key note',
    ]);
    for (const result of run?.results ?? []) {
      expect(run?.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
      expect(result.message.text).not.toBe('');
    }
  });

  it('makes the key the fingerprint, so that a finding is the same one tomorrow', () => {
    const key = 'missing-index:public.t(a)';
    const results = sarif(adviceReport({ findings: [finding({ key })] })).runs[0]?.results;
    expect(results?.[0]?.partialFingerprints).toEqual({ 'pgsteward/key/v1': key });
  });

  it('places a finding where it has a place, as a relative URI, and nowhere otherwise', () => {
    const location = { file: './migrations/1 and 2#.sql', line: 3, column: 5 };
    const [placed, loose] =
      sarif(adviceReport({ findings: [finding({ location }), finding({ relations: [] })] })).runs[0]?.results ?? [];
    expect(placed?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'migrations/1%20and%202%23.sql' },
      region: { startLine: 3, startColumn: 5 },
    });
    expect(loose?.locations).toEqual([]);
  });

  it('escapes what SARIF would read as a placeholder or a link', () => {
    const report = adviceReport({ findings: [finding({ message: 'see [this](http://x) and {0}' })] });
    expect(sarif(report).runs[0]?.results[0]?.message.text).toContain('see \\[this\\](http://x) and {{0}}');
  });
});
