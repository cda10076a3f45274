import { AssertionError } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLoops } from '../advise/find-loops.js';
import type { Finding } from '../model/finding.js';
import { silentProgress } from '../model/progress.js';
import type { TapCounts } from '../model/tap-record.js';
import { terminalOf } from '../report/advice/terminal.js';
import { findingLines } from '../report/advice/text-finding.js';
import { recordWork } from './record-work.js';

export interface LoopExpectation {
  /** The database that the work runs on. */
  readonly databaseUrl: string;
  /** Rules whose findings fail the test; `n-plus-one` alone where not given. */
  readonly rules?: readonly ('n-plus-one' | 'row-by-row-dml' | 'duplicate-query')[];
  /** Keys of findings that are let pass, as the failure names them. */
  readonly ignore?: readonly string[];
}

const STATEMENT_TIMEOUT_MS = 10_000;

/**
 * Runs some work of a test against a database, with a recorder between them, and throws an AssertionError that says
 * which queries were run once for each row of another. The work gets the URL that it is to connect to, and has to close
 * its connections, or to be done with them, when it ends. Throws as well where nothing went over that URL, or where some
 * of it could not be read: then not all was tested. Loops of fewer than five calls are none.
 */
export async function expectNoNPlusOne(expectation: LoopExpectation, work: (url: string) => unknown): Promise<void> {
  const findings = await findingsOf(expectation, work);
  if (findings.length > 0) throw new AssertionError({ message: findings.map(textOf).join('\n\n') });
}

async function findingsOf(
  { databaseUrl, rules = ['n-plus-one'], ignore = [] }: LoopExpectation,
  work: (url: string) => unknown,
): Promise<readonly Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'pgsteward-'));
  const output = join(folder, 'test.tap');
  try {
    requireStatements(await recordWork({ databaseUrl, output, values: 'plain' }, work));
    const limits = { statementTimeoutMs: STATEMENT_TIMEOUT_MS, progress: silentProgress };
    return await findLoops({ url: databaseUrl, workload: [`trace:${output}`], ...limits, rules, ignore });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function requireStatements({ connections, executions, encrypted, unreadable, dropped }: TapCounts): void {
  const unseen = encrypted + unreadable + dropped;
  if (executions > 0 && unseen === 0) return;
  const hint =
    encrypted > 0
      ? 'connect without TLS'
      : dropped > 0
        ? `make room in ${tmpdir()}`
        : 'connect to the URL that the work is given';
  const seen =
    connections === 0
      ? 'no connection was made through the recorder, so nothing was tested'
      : executions === 0
        ? 'no statement could be seen through the recorder, so nothing was tested'
        : `of ${connections} connections through the recorder ${unseen} could not be read, so not all was tested`;
  throw new AssertionError({ message: `${seen}: ${hint}` });
}

function textOf(finding: Finding, place: number): string {
  const lines = findingLines(terminalOf({ color: false }), finding, place + 1);
  return [...lines, '', `   To let it pass: ignore: [${JSON.stringify(finding.key)}]`].join('\n');
}
