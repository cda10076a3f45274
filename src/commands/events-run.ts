import { createReadStream, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, StewardError } from '../errors.js';
import { type IngestionReport, ingestionOf } from '../jobs/ingest-events.js';
import type { JobReport } from '../model/job.js';
import { type IngestedEvents, renderIngestion } from '../report/events/text.js';
import type { CommandContext } from './command.js';
import { requireWritableFile } from './destination.js';
import { runOnce } from './run-once.js';
import { targetOf } from './target.js';

/** How often an ingestion asks whether the one before it has ended. */
const POLL_MS = 500;

/** Does what `pgsteward events ingest` is asked for and gives its exit status. */
export async function runIngest(context: CommandContext): Promise<number> {
  const { settings, flags } = context;
  const { format, output } = settings.jobRun;
  const bytes = open(context.operands);
  const target = targetOf(settings);
  if (output !== undefined) requireWritableFile({ path: output, flag: '--output' });
  const { job, report } = ingestionOf(bytes);
  let run = await runOnce(context, job, target);
  while (run.status === 'skipped') {
    context.log.warn({ reason: run.error }, 'waiting for another ingestion');
    await pause(POLL_MS, undefined, { signal: context.signal });
    run = await runOnce(context, job, target);
  }
  const ingested = ingestedOf(run, report);
  const asText = format === 'text' && flags.has('jobRun.format');
  await context.writeResult(asText ? renderIngestion(ingested) : `${JSON.stringify(ingested, null, 2)}\n`, output);
  if (ingested.status === 'failed')
    throw new StewardError('database', `events ingest failed: ${ingested.error}`, {
      hint: 'what was appended stays; run it again with the same file, and it goes on',
    });
  if (ingested.status === 'cancelled') return 3;
  return ingested.rejected > 0 ? 1 : 0;
}

function ingestedOf({ runId, status, counts, error }: JobReport, { rejections }: IngestionReport): IngestedEvents {
  const { accepted = 0, duplicates = 0, rejected = 0 } = counts;
  return { accepted, duplicates, rejected, runId, status, error, rejections };
}

/** Gives what the one operand names, or says why it cannot be read before anything is connected to. */
function open(operands: readonly string[]): AsyncIterable<Buffer> {
  const [file, ...more] = operands;
  if (file === undefined || more.length > 0)
    throw new StewardError('usage', 'pgsteward events ingest takes one file', {
      hint: 'name it, or give - to read from stdin',
    });
  return file === '-' ? process.stdin : readFile(file);
}

function readFile(file: string): AsyncIterable<Buffer> {
  try {
    if (statSync(file).isDirectory()) throw new StewardError('usage', `${file} is a folder`, { hint: HINT });
  } catch (error) {
    throw unreadable(file, error);
  }
  return reading(file);
}

async function* reading(file: string): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* createReadStream(file) as AsyncIterable<Buffer>;
  } catch (error) {
    throw unreadable(file, error);
  }
}

const HINT = 'name a file of events, one JSON object a line, or give - to read from stdin';
const REASONS: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EACCES: 'you may not read it' };

function unreadable(file: string, error: unknown): StewardError {
  if (error instanceof StewardError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = `the file ${file} cannot be read: ${REASONS[code] ?? messageOf(error)}`;
  return new StewardError('usage', message, { hint: HINT, cause: error });
}
