import { readFileSync } from 'node:fs';
import type { BenchContaminant, BenchContamination } from '../model/bench.js';
import { openSession, type Session } from '../postgres/session.js';
import type { Comparison } from './comparison.js';

/** Watches for what makes a stretch of time unlike the next one. */
export interface ContaminationWatch {
  /** Gives what has happened since the last call, or since the watch was opened. */
  lap(): Promise<readonly BenchContaminant[]>;
  close(): Promise<void>;
}

/** From this share of all processor time on, what the host takes away is felt; a slice sees 1 % as one clock tick. */
const STEAL_SHARE = 0.05;

/**
 * Opens a watch on the server of the URL. It needs one short query a lap, between slices and never during one. A role
 * that may not see others' sessions (pg_read_all_stats) does not see them here either.
 */
export async function openContaminationWatch(url: string): Promise<ContaminationWatch> {
  const session = await openSession(url, { applicationName: 'pgsteward bench', readOnly: true });
  let server = await readServer(session, null);
  let processors = readProcessors();
  return {
    async lap() {
      const last = { server, processors };
      server = await readServer(session, last.server.at);
      processors = readProcessors();
      const causes: BenchContaminant[] = [];
      if (stolenShare(last.processors, processors) > STEAL_SHARE) causes.push('steal');
      if (server.checkpoint !== last.server.checkpoint || server.writing) causes.push('checkpoint');
      if (server.autovacuums > 0) causes.push('autovacuum');
      if (server.foreign > 0) causes.push('foreign session');
      return causes;
    },
    close: () => session.close(),
  };
}

/** Sums up what the blocks of all statements have met. */
export function summariseContamination(comparisons: readonly Comparison[]): BenchContamination {
  const blocks = comparisons.flatMap((comparison) => comparison.blocks);
  const counted = comparisons.reduce((sum, comparison) => sum + comparison.counted.length, 0);
  const causes = CONTAMINANTS.map((cause) => ({
    cause,
    blocks: blocks.filter((block) => block.causes.includes(cause)).length,
  }));
  return {
    blocks: blocks.length,
    dropped: blocks.length - counted,
    causes: causes.filter((entry) => entry.blocks > 0),
  };
}

const CONTAMINANTS: readonly BenchContaminant[] = ['steal', 'checkpoint', 'autovacuum', 'foreign session'];

interface ServerReading {
  /** The server's clock, as text. */
  readonly at: string;
  /** Where the last one stands in the WAL: unlike its counters this is known as soon as it has ended. */
  readonly checkpoint: string;
  readonly writing: boolean;
  readonly autovacuums: number;
  readonly foreign: number;
}

async function readServer(session: Session, since: string | null): Promise<ServerReading> {
  const { rows } = await session.query<ServerReading>(
    `SELECT pg_catalog.clock_timestamp()::text AS at, checkpoint_lsn::text AS checkpoint,
            coalesce(pg_catalog.bool_or(backend_type = 'checkpointer' AND wait_event_type = 'IO'), false) AS writing,
            (pg_catalog.count(*) FILTER (WHERE backend_type = 'autovacuum worker'))::int AS autovacuums,
            (pg_catalog.count(*) FILTER (WHERE backend_type = 'client backend' AND application_name <> 'pgsteward bench'
              AND (state = 'active' OR state_change > $1::pg_catalog.timestamptz)))::int AS foreign
       FROM pg_catalog.pg_stat_activity, pg_catalog.pg_control_checkpoint() GROUP BY checkpoint_lsn`,
    [since],
  );
  return rows[0] ?? { at: '', checkpoint: '', writing: false, autovacuums: 0, foreign: 0 };
}

interface ProcessorTime {
  readonly stolen: number;
  readonly all: number;
}

/** Clock ticks of all processors since the start of the system; null where there is no such account. */
function readProcessors(): ProcessorTime | null {
  try {
    const ticks = (readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? '').split(/\s+/).slice(1, 9).map(Number);
    return { stolen: ticks[7] ?? 0, all: ticks.reduce((sum, value) => sum + value, 0) };
  } catch {
    // Another system than Linux says nothing of stolen time.
    return null;
  }
}

function stolenShare(before: ProcessorTime | null, after: ProcessorTime | null): number {
  if (before === null || after === null || after.all <= before.all) return 0;
  return (after.stolen - before.stolen) / (after.all - before.all);
}
