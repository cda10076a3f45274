import { z } from 'zod';
import type { JobDefinition } from './definitions.js';
import { appendEvents } from './events/append-events.js';
import { type EventLine, readLines } from './events/read-lines.js';
import type { Rejection } from './events/record-batch.js';
import { refuseTables, type TableNeeds } from './events/refuse-table.js';
import type { JobKind, JobResult, RunContext } from './job.js';

/** Lines of one batch: so many, or so many characters. */
const BATCH_LINES = 1000;
const BATCH_LENGTH = 8 * 1024 * 1024;
const REJECTIONS_SHOWN = 20;
const TIMEOUT_SECONDS = 14 * 86_400;

/** What an ingestion has told beside the ledger's counts. */
export interface IngestionReport {
  /** The first of them, without their events, which stand in update_batches. */
  readonly rejections: readonly Pick<Rejection, 'line' | 'reason'>[];
}

/**
 * Gives the job that appends the events of a file or a pipe, to be run once, by hand. The lines that are read and not
 * yet committed are held, so that a lost connection costs none; a pipe cannot be read twice.
 */
export function ingestionOf(bytes: AsyncIterable<Buffer>): {
  readonly job: JobDefinition;
  readonly report: IngestionReport;
} {
  const ingestion = new Ingestion(bytes);
  const kind: JobKind<unknown> = {
    kind: 'ingest-events',
    summary: 'appends update events',
    replicas: { effect: 'one after the other: another ingestion waits', limits: 'none' },
    schema: z.unknown(),
    check: (context) => context.read((session) => refuseTables(session, NEEDS)),
    plan: async () => {
      throw new Error('an ingestion cannot be planned: its lines are read once');
    },
    run: (context) => ingestion.run(context),
  };
  const job: JobDefinition = {
    ...{ name: 'ingest-events', kind, config: null, schedule: null, catchUp: 'skip', catchUpMost: 1, overlap: 'queue' },
    ...{ jitterSeconds: 0, timeoutSeconds: TIMEOUT_SECONDS, dutyCycle: 1 },
  };
  return { job, report: ingestion };
}

const NEEDS: Readonly<Record<string, TableNeeds>> = {
  'public.update_events': {
    rights: ['SELECT', 'INSERT'],
    columns: [
      ...['id', 'agent_id', 'package_type', 'package_name', 'version_from', 'version_to', 'severity', 'event_type'],
      ...['metadata', 'created_at'],
    ],
  },
  'public.agents': { rights: ['SELECT'], columns: ['id'] },
  'public.update_batches': {
    rights: ['INSERT'],
    columns: ['agent_id', 'batch_size', 'processed_count', 'failed_count', 'status', 'error_details', 'completed_at'],
  },
};

class Ingestion implements IngestionReport {
  readonly rejections: Pick<Rejection, 'line' | 'reason'>[] = [];
  private readonly lines: AsyncGenerator<EventLine, void, undefined>;
  private held: readonly EventLine[] = [];

  constructor(bytes: AsyncIterable<Buffer>) {
    this.lines = readLines(bytes);
  }

  async run(context: RunContext): Promise<JobResult> {
    // A batch whose COMMIT was never answered may be there: the ledger knows.
    const cursor = context.run.cursor as { readonly runId: string; readonly line: number } | null;
    const committed = cursor?.runId === context.run.id ? cursor.line : 0;
    this.held = this.held.filter(({ line }) => line > committed);
    const stopped = whenAborted(context.signal);
    while (await this.fill(stopped)) await this.appendHeld(context);
    return { failure: null, detail: null };
  }

  /** Reads on until a batch is full; false at the end of all lines. */
  private async fill(stopped: Promise<never>): Promise<boolean> {
    const lines = [...this.held];
    let length = 0;
    while (lines.length < BATCH_LINES && length < BATCH_LENGTH) {
      const next = await Promise.race([this.lines.next(), stopped]);
      if (next.done === true) break;
      lines.push(next.value);
      length += next.value.text.length;
      this.held = lines;
    }
    return lines.length > 0;
  }

  private async appendHeld({ run, batch }: RunContext): Promise<void> {
    let [done, rejected]: [number, readonly Rejection[]] = [0, []];
    await batch(
      async (session, size) => {
        const lines = this.held.slice(0, size);
        const appended = await appendEvents(session, lines);
        [done, rejected] = [lines.length, appended.rejected];
        const { accepted, duplicates } = appended;
        return {
          counts: { accepted, duplicates, rejected: rejected.length },
          cursor: { runId: run.id, line: lines.at(-1)?.line ?? 0 },
        };
      },
      { first: BATCH_LINES, least: BATCH_LINES, most: BATCH_LINES },
    );
    this.held = this.held.slice(done);
    for (const { line, reason } of rejected.slice(0, REJECTIONS_SHOWN - this.rejections.length))
      this.rejections.push({ line, reason });
  }
}

/** Rejects when the run has to end, so that nobody waits for a pipe that stays silent. */
function whenAborted(signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => undefined);
  return aborted;
}
