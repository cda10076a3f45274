import { type AdviseRequest, advise } from '../../src/advise/run.js';
import type { AdviceReport } from '../../src/model/advice.js';
import { silentProgress } from '../../src/model/progress.js';
import { renderAdviceJson } from '../../src/report/advice/json.js';
import { expectValidAdviceReport } from '../report/report-schema.js';
import { twinServer } from '../twin-server.js';

/** What a test asks for: the database, the workload, and what differs from a silent run on the file's twin server. */
type AskedFor = Pick<AdviseRequest, 'url' | 'workload'> & Partial<AdviseRequest>;

/** Runs advice; the report keeps to its schema. */
export async function runAdvise(asked: AskedFor): Promise<AdviceReport> {
  const report = await advise({
    planner: 'twin',
    twinServer: asked.twinServer ?? (await twinServer()),
    statementTimeoutMs: 10_000,
    indexBytesMax: null,
    indexColumnsMax: 4,
    rules: [],
    ignore: [],
    version: '0.0.0',
    progress: silentProgress,
    signal: new AbortController().signal,
    now: () => new Date('2026-06-01T00:00:00Z'),
    ...asked,
  });
  expectValidAdviceReport(renderAdviceJson(report));
  return report;
}
