import { describe, expect, it } from 'vitest';
import type { AdviceReport } from '../../../src/model/advice.js';
import { renderAdviceJson } from '../../../src/report/advice/json.js';
import { adviceReport, finding, findingQuery, plannedReport } from '../advice-report.js';
import { fleetAdvice } from '../fleet-report.js';
import { expectValidAdviceReport } from '../report-schema.js';

const without = (key: keyof AdviceReport) => ({ ...adviceReport(), [key]: undefined });

describe('the JSON report', () => {
  it('keeps to the schema with no finding, a small one and a fleet of them', () => {
    for (const report of [adviceReport(), plannedReport(), fleetAdvice()])
      expectValidAdviceReport(renderAdviceJson(report));
  });

  it('gives costs as numbers where a statement was planned and null where it was not', () => {
    const queries = [findingQuery({ costBefore: 12, costAfter: 3 }), findingQuery()];
    const json = renderAdviceJson(adviceReport({ findings: [finding({ queries })] }));
    expectValidAdviceReport(json);
    const costs = (JSON.parse(json) as AdviceReport).findings[0]?.queries.map((query) => [
      query.costBefore,
      query.costAfter,
    ]);
    expect(costs).toEqual([
      [12, 3],
      [null, null],
    ]);
  });

  it.each(['schemaVersion', 'server', 'workload', 'findings', 'indexSet', 'skippedRules'] as const)(
    'is refused by the schema without %s',
    (key) => {
      expect(() => expectValidAdviceReport(JSON.stringify(without(key)))).toThrow(/docs\/report\.schema\.json/);
    },
  );

  it('is refused by the schema with a word that the contract does not know', () => {
    const loud = { ...finding(), severity: 'loud' };
    expect(() => expectValidAdviceReport({ ...adviceReport(), findings: [loud] })).toThrow(/severity/);
  });

  it('may carry keys that the schema does not know', () => {
    expectValidAdviceReport({ ...adviceReport(), later: true });
  });

  it('reads like this', () => {
    const report = adviceReport({ findings: [finding({ queries: [findingQuery()] })] });
    expect(renderAdviceJson(report)).toMatchInlineSnapshot(`
      "{
        "schemaVersion": 1,
        "tool": {
          "name": "pgsteward",
          "version": "0.1.0"
        },
        "startedAt": "2026-03-02T09:30:00.000Z",
        "durationMs": 4200,
        "server": {
          "version": "18.4",
          "major": 18,
          "plannedOn": "twin 18.4"
        },
        "workload": {
          "source": [
            "pgss"
          ],
          "statements": 1,
          "calls": 10,
          "totalTimeMs": 100,
          "skipped": []
        },
        "findings": [
          {
            "ruleId": "missing-index",
            "class": null,
            "severity": "warn",
            "key": "missing-index:public.t(a)",
            "title": "No index on public.t (a)",
            "message": "Each call reads all of public.t.",
            "relations": [
              "public.t"
            ],
            "location": null,
            "queries": [
              {
                "role": "statement",
                "fingerprint": "a1b2c3d4e5f60718",
                "text": "SELECT * FROM t WHERE a = $1",
                "calls": 10,
                "totalTimeMs": 100,
                "costBefore": null,
                "costAfter": null,
                "planBefore": null,
                "planAfter": null
              }
            ],
            "evidence": [],
            "proof": {
              "grade": "suspected",
              "method": "read the statement",
              "detail": ""
            },
            "fix": null
          }
        ],
        "statements": [],
        "indexSet": {
          "create": [],
          "drop": [],
          "sizeBytes": 0,
          "workloadCostBefore": 0,
          "workloadCostAfter": 0,
          "writeCost": 0
        },
        "skippedRules": []
      }
      "
    `);
  });
});
