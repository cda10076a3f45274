import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { appendHistory, readHistory } from '../../src/bench/history.js';
import { benchReport } from '../report/bench-report.js';

const folder = mkdtempSync(join(tmpdir(), 'pgsteward-history-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a history file', () => {
  it('holds nothing before the first run, and then the last ten', () => {
    const file = join(folder, 'runs.ndjson');
    expect(readHistory(file)).toEqual([]);
    for (let run = 0; run < 12; run += 1) appendHistory(file, benchReport({ startedAt: `run ${run}` }));
    const entries = readHistory(file);
    expect(entries.map(({ startedAt }) => startedAt)).toEqual(Array.from({ length: 10 }, (_, run) => `run ${run + 2}`));
    expect(entries[0]).toMatchObject({ passed: true, queries: [{ name: 'a-query', verdict: 'equivalent', ratio: 1 }] });
  });

  it('is refused where a line of it is no run', () => {
    const file = join(folder, 'other.ndjson');
    appendHistory(file, benchReport());
    appendFileSync(file, 'not json\n');
    expect(() => readHistory(file)).toThrow(`${file}:2 is no run of a bench`);
  });
});
