import type { Session } from '../postgres/session.js';

/** A session that keeps a statement waiting. */
export interface Blocker {
  /** 0 for a prepared transaction, which no process holds. */
  readonly pid: number;
  readonly applicationName: string;
  /** `idle in transaction`, `active` …, or null where this role may not see it. */
  readonly state: string | null;
  /** Age of its transaction, or of the session where none is open; null where this role may not see it. */
  readonly ageMs: number | null;
}

/** What a long statement is about. */
export interface StatementSight {
  readonly blockers: readonly Blocker[];
  /** Where PostgreSQL tells it: `building index: scanning table, 40 %`. */
  readonly phase: string | null;
}

export interface StatementWatch {
  /** Who was seen to block the statement last; empty where nobody was. */
  blockers(): readonly Blocker[];
  /** Cancels the statement. */
  cancel(): void;
  /** Ends the watch; resolves when its last look is over. */
  stop(): Promise<void>;
}

/** Statements shorter than this are never looked at, so small files cost nothing more. */
const FIRST_LOOK_MS = 50;
const LOOK_EVERY_MS = 400;

/**
 * Looks at a statement that runs in another session, found by its application name because a pooler hides its
 * backend's number, and tells who blocks it and how far it is.
 */
export function watchStatement(
  session: Session,
  applicationName: string,
  onSight: (sight: StatementSight) => void,
): StatementWatch {
  let seen: readonly Blocker[] = [];
  let stopped = false;
  let look: Promise<void> = Promise.resolve();
  let timer = setTimeout(begin, FIRST_LOOK_MS);

  function begin(): void {
    look = sightOf(session, applicationName)
      .then((sight) => {
        if (sight.blockers.length > 0) seen = sight.blockers;
        onSight(sight);
      })
      // The watch only tells; when its connection dies the statement's own outcome still counts.
      .catch(() => undefined)
      .then(() => {
        if (!stopped) timer = setTimeout(begin, LOOK_EVERY_MS);
      });
  }

  return {
    blockers: () => seen,
    cancel: () => {
      look = look.then(() => cancelStatement(session, applicationName)).catch(() => undefined);
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await look;
    },
  };
}

/** Names blockers for a person: `process 4711 (psql, idle in transaction for 12 s)`. */
export function describeBlockers(blockers: readonly Blocker[]): string {
  return blockers.map(describeBlocker).join(', ');
}

function describeBlocker({ pid, applicationName, state, ageMs }: Blocker): string {
  if (pid === 0) return 'a prepared transaction';
  const age = ageMs === null ? '' : ` for ${formatAge(ageMs)}`;
  return `process ${pid} (${applicationName || 'no application name'}, ${state ?? 'state not visible'}${age})`;
}

function formatAge(ageMs: number): string {
  return ageMs < 120_000 ? `${Math.round(ageMs / 1000)} s` : `${Math.round(ageMs / 60_000)} min`;
}

async function cancelStatement(session: Session, applicationName: string): Promise<void> {
  await session.query(
    `SELECT pg_catalog.pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity
     WHERE application_name = $1 AND datname = pg_catalog.current_database()`,
    [applicationName],
  );
}

async function sightOf(session: Session, applicationName: string): Promise<StatementSight> {
  const blockers = await session.query<Blocker>(
    `SELECT blocking.pid, coalesce(nullif(blocker.application_name, ''), blocker.backend_type, '') AS "applicationName", blocker.state,
            (1000 * extract(epoch FROM pg_catalog.clock_timestamp()
              - coalesce(blocker.xact_start, blocker.backend_start)))::float8 AS "ageMs"
     FROM pg_catalog.pg_stat_activity AS waiting
     CROSS JOIN LATERAL (SELECT DISTINCT pid FROM unnest(pg_catalog.pg_blocking_pids(waiting.pid)) AS pid) AS blocking
     -- A prepared transaction blocks as process 0, which no activity row shows.
     LEFT JOIN pg_catalog.pg_stat_activity AS blocker ON blocker.pid = blocking.pid
     WHERE waiting.application_name = $1 AND waiting.datname = pg_catalog.current_database()
       AND waiting.wait_event_type = 'Lock'
     ORDER BY "ageMs" DESC NULLS LAST, blocking.pid`,
    [applicationName],
  );
  const progress = await session.query<{ phase: string; share: number | null }>(
    `SELECT build.phase, coalesce(
              build.blocks_done::float8 / nullif(build.blocks_total, 0),
              build.tuples_done::float8 / nullif(build.tuples_total, 0)) AS share
     FROM pg_catalog.pg_stat_activity AS activity
     JOIN pg_catalog.pg_stat_progress_create_index AS build ON build.pid = activity.pid
     WHERE activity.application_name = $1 ORDER BY build.pid LIMIT 1`,
    [applicationName],
  );
  const [build] = progress.rows;
  const share = build?.share == null ? '' : `, ${Math.round(100 * build.share)} %`;
  return { blockers: blockers.rows, phase: build === undefined ? null : `${build.phase}${share}` };
}
