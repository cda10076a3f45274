import { describe, expect, it } from 'vitest';
import { readPlan } from '../../../src/workload/log/logged-plan.js';

const NODE = 'Seq Scan on orders  (cost=0.00..35.50 rows=10 width=4)';

describe('a plan in a log', () => {
  it.each([
    [
      `duration: 1.250 ms  plan:\nQuery Text: SELECT *\nFROM orders\n${NODE}\n  Filter: (a = 1)`,
      { text: 'SELECT *\nFROM orders', parameters: null, durationMs: 1.25, rows: null },
    ],
    [
      `duration: 3 ms  plan:\nQuery Text: SELECT $1\nQuery Parameters: $1 = 'it''s', $2 = NULL\n${NODE} (actual time=0.01..0.02 rows=2.50 loops=4)`,
      { text: 'SELECT $1', parameters: ["it's", null], durationMs: 3, rows: 10 },
    ],
    [
      `duration: 0.5 ms  plan:\n{\n  "Query Text": "SELECT 1",\n  "Query Parameters": "$1 = '2'",\n  "Plan": { "Node Type": "Result", "Actual Rows": 7, "Actual Loops": 1 }\n}`,
      { text: 'SELECT 1', parameters: ['2'], durationMs: 0.5, rows: 7 },
    ],
    [
      `duration: 8 ms  plan:\nQuery Text: SELECT 1\n${NODE} (actual time=0.5..8.00 rows=2 loops=1)\n  SubPlan 1\n    ->  Seq Scan on items  (cost=0.00..1.00 rows=1 width=4) (actual time=0.1..3.00 rows=1 loops=2)`,
      {
        ...{ text: 'SELECT 1', parameters: null, durationMs: 8, rows: 2 },
        subquery: { relation: 'items', runs: 2, timeShare: 0.75, buffersShare: null },
      },
    ],
    ['duration: 0.5 ms  plan:\n{\n  "Query Text": "SELECT', null],
    ['duration: 0.5 ms  plan:\nQuery Text: SELECT', null],
    ['duration: 0.5 ms  statement: SELECT 1', null],
  ])('%j is %j', (message, plan) => {
    expect(readPlan(message)).toEqual(plan);
  });
});
