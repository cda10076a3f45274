import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ingestionOf } from '../../src/jobs/ingest-events.js';
import type { Session } from '../../src/postgres/session.js';
import type { RunMeans } from '../../src/worker/run-claimed.js';
import { runStopped } from '../../src/worker/run-end.js';
import { serverWithSmallDisk } from '../embedded/small-disk.js';
import { callDefinition } from '../worker/by-hand.js';
import { AGENTS, fleet, fold, installWithAgents } from './fold-update-events/events.js';

describe('ingesting events', () => {
  it('appends each line as an event, with what it does not know as metadata', async () => {
    const { url, session } = await fleet();
    const text = line(1, { scan: 7, exact: 1, name: '😀' })
      .replace('😀', '\\ud83d\\ude00')
      .replace(':1,', ':12345678901234567890.10,');
    const { status, counts } = await ingest(url, [text]);
    expect({ status, counts }).toEqual({ status: 'succeeded', counts: { accepted: 1, duplicates: 0, rejected: 0 } });
    const appended = await session.query(`SELECT update_events.*, metadata ->> 'exact' AS exact FROM update_events`);
    expect(appended.rows).toMatchObject([
      {
        ...{ id: uuid(1), agent_id: AGENTS[0], package_type: 'apt', package_name: "cu'rl; --", version_from: null },
        ...{
          version_to: '1.1',
          severity: 'low',
          event_type: 'discovered',
          created_at: new Date('2026-01-01T00:00:00Z'),
        },
        ...{ metadata: { scan: 7, name: '😀' }, exact: '12345678901234567890.10' },
      },
    ]);
    expect(await fold(url)).toEqual({ folded: 1, rejected: 0 });
  });

  it('rejects each line that is no event, with its number and its reason, and takes the others', async () => {
    const { url, session } = await fleet();
    const bad: readonly (readonly [string, string])[] = [
      ['not JSON', 'the line is not JSON'],
      ['[1]', 'the line is no JSON object'],
      [line(0, { id: undefined }), 'id is missing'],
      [line(0, { id: 7 }), 'id is 7; expected a UUID'],
      [line(0, { agent_id: uuid(9) }), 'there is no such agent'],
      [line(0, { severity: 'dire' }), 'severity is "dire"; expected critical, important, moderate, low'],
      [line(0, { event_type: 'approved' }), 'event_type is "approved"'],
      [line(0, { package_name: '' }), 'package_name is ""'],
      [line(0, { version_to: 7 }), 'version_to is 7'],
      [line(0, { created_at: 'yesterday' }), 'created_at is "yesterday"'],
      [line(0, { created_at: '2026-02-30T00:00:00Z' }), 'out of range'],
      [line(0, { note: 'a\u0000b' }), 'NUL character'],
      [line(0, { note: '\ud800' }), 'half of a surrogate pair'],
      [line(0, { package_name: Array.from({ length: 9000 }, (_, n) => n % 7919).join('') }), 'index row'],
      [`${line(0).slice(0, -1)},"n":1e999999}`, 'overflow'],
      [line(0, { note: 'x'.repeat(1_100_000) }), 'bytes; allowed: 1048576'],
    ];
    const lines = bad.flatMap(([text], index) => [text, line(index + 1), '']);
    const { status, counts } = await ingest(url, [lines.join('\n')]);
    expect({ status, counts }).toEqual({
      status: 'succeeded',
      counts: { accepted: bad.length, duplicates: 0, rejected: bad.length },
    });
    const details = await rejections(session);
    expect(details.map(({ line: number }) => number)).toEqual(bad.map((_, index) => 1 + index * 3));
    for (const [index, [, reason]] of bad.entries()) expect(details[index]?.reason).toContain(reason);
    expect(details[5]?.event).toMatchObject({ severity: 'dire', agent_id: AGENTS[0] });
    expect(details[0]?.event).toBe('not JSON');
    expect((await session.query('SELECT FROM update_events')).rowCount).toBe(bad.length);
  });

  it('counts what is there already, within a file and from a file before, and a rejected line hides no good one', async () => {
    const { url } = await fleet();
    const lines = [line(1, { agent_id: uuid(9) }), line(1), line(2), line(2).replace(uuid(2), uuid(2).toUpperCase())];
    const once = await ingest(url, [lines.join('\n')]);
    expect(once.counts).toEqual({ accepted: 2, duplicates: 1, rejected: 1 });
    const again = await ingest(url, [lines.join('\n')]);
    expect(again.counts).toEqual({ accepted: 0, duplicates: 3, rejected: 1 });
  });

  it('reads lines however they end and wherever the file is cut', async () => {
    const { url } = await fleet();
    const text = Buffer.from(`\ufeff${line(1, { note: 'é' })}\r\n\r\n${line(2)}\n  \n${line(3)}`);
    const bytes = Array.from(text, (_, index) => text.subarray(index, index + 1));
    expect((await ingest(url, bytes)).counts).toEqual({ accepted: 3, duplicates: 0, rejected: 0 });
    const latin = Buffer.from(line(4, { note: 'é' }), 'latin1');
    expect((await ingest(url, [latin])).counts).toEqual({ accepted: 0, duplicates: 0, rejected: 1 });
    expect((await ingest(url, [])).status).toBe('succeeded');
  });

  it('goes on in batches of a thousand when its connection is cut, with counts that are true', async () => {
    const { url, session } = await fleet();
    let batches = 0;
    const onEvent: RunMeans['onEvent'] = (event) => {
      if (event.kind !== 'batch done') return;
      batches += 1;
      if (batches === 2)
        void session.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'pgsteward ingest-events'`,
        );
    };
    const lines = Array.from({ length: 4500 }, (_, index) => `${line(index + 1)}\n`);
    const { counts } = await ingest(url, lines, { onEvent });
    expect(counts).toEqual({ accepted: 4500, duplicates: 0, rejected: 0 });
    const rows = await session.query('SELECT batch_size, status FROM update_batches ORDER BY batch_size');
    expect(rows.rows.map((row) => row['batch_size'])).toEqual([500, 1000, 1000, 1000, 1000]);
  });

  it('ends as cancelled while a pipe is silent, and keeps what is committed', async () => {
    const { url, session } = await fleet();
    const stop = new AbortController();
    const pipe = new PassThrough();
    for (let n = 1; n <= 1500; n += 1) pipe.write(`${line(n)}\n`);
    const onEvent: RunMeans['onEvent'] = (event) => {
      if (event.kind === 'batch done') stop.abort(runStopped('by a signal'));
    };
    const { status, counts } = await ingest(url, pipe, { signal: stop.signal, onEvent });
    expect({ status, counts }).toEqual({ status: 'cancelled', counts: { accepted: 1000, duplicates: 0, rejected: 0 } });
    const ledger = await session.query('SELECT job, status, counts FROM steward.job_runs');
    expect(ledger.rows).toEqual([{ job: 'ingest-events', status, counts }]);
  });

  it('ends with its reason on a full disk, rejects no line for it, and goes on with the same file', async (context) => {
    const { url, session, leave } = await serverWithSmallDisk(context);
    await installWithAgents(session);
    await session.query('ALTER TABLE update_events SET TABLESPACE small');
    const lines = Array.from({ length: 4000 }, (_, index) => `${line(index + 1)}\n`);
    leave(256 * 1024);
    const full = await ingest(url, lines);
    expect(full).toMatchObject({ status: 'failed', error: expect.stringContaining('No space left on device') });
    const { accepted = 0, rejected = 0 } = full.counts;
    expect({ accepted, rejected }).toEqual({ accepted: await events(session), rejected: 0 });
    expect(accepted).toBeGreaterThan(0);
    leave(64 * 1024 * 1024);
    const { counts } = await ingest(url, lines);
    expect(counts).toEqual({ accepted: 4000 - accepted, duplicates: accepted, rejected: 0 });
    // A server is started here; on a busy machine that takes its time.
  }, 120_000);
});

async function events(session: Session): Promise<number> {
  return (await session.query('SELECT FROM update_events')).rowCount;
}

function ingest(url: string, bytes: Readable | readonly (string | Buffer)[], changes: Partial<RunMeans> = {}) {
  const stream = bytes instanceof Readable ? bytes : Readable.from(bytes.map((part) => Buffer.from(part)));
  return callDefinition(ingestionOf(stream).job, { url, changes });
}

function uuid(n: number): string {
  return `00000000-0000-4000-9000-00000000abcd`.replace('00000000-', `${String(n).padStart(8, '0')}-`);
}

function line(n: number, changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    ...{ id: uuid(n), agent_id: AGENTS[0], package_type: 'apt', package_name: "cu'rl; --", version_from: null },
    ...{ version_to: '1.1', severity: 'low', event_type: 'discovered', created_at: '2026-01-01T02:00:00+02:00' },
    ...changes,
  });
}

async function rejections(session: Session) {
  const read = await session.query<{ line: number; reason: string; event: unknown }>(
    `SELECT (detail -> 'line')::int AS line, detail ->> 'reason' AS reason, detail -> 'event' AS event
     FROM update_batches CROSS JOIN jsonb_array_elements(error_details) AS detail ORDER BY line`,
  );
  return read.rows;
}
