import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdviceReport } from '../../src/model/advice.js';
import { runAdvise } from '../advise/run-advise.js';

export interface WorkloadEntry {
  readonly sql: string;
  /** 1000 where not given. */
  readonly calls?: number;
  /** Values of `$1`, `$2` …; sampled from the statistics where not given. */
  readonly parameters?: readonly unknown[];
}

/** Runs advice on the twin over statements in a file of their own; the report keeps to its schema. */
export async function adviseOn(
  url: string,
  entries: readonly WorkloadEntry[],
  rules: readonly string[] = [],
): Promise<AdviceReport> {
  const folder = await mkdtemp(join(tmpdir(), 'pgsteward-workload-'));
  try {
    await writeFile(join(folder, 'workload.sql'), entries.map(inFile).join('\n'));
    return await runAdvise({ url, workload: [`sql:${join(folder, 'workload.sql')}`], rules });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What the missing indexes are on: `commands(agent_id,created_at DESC)`, sorted. */
export function found(report: AdviceReport): readonly string[] {
  const missing = report.findings.filter(({ ruleId }) => ruleId === 'missing-index');
  return missing.map(({ key }) => key.replace('missing-index:public.', '')).sort();
}

function inFile({ sql, calls = 1000, parameters }: WorkloadEntry): string {
  const values = parameters === undefined ? '' : `-- params: ${JSON.stringify(parameters)}\n`;
  return `-- calls: ${calls}\n${values}${sql};\n`;
}
