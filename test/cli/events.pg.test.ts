import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AGENTS, event, fleet } from '../jobs/fold-update-events/events.js';
import { expectRefusal, place, runProgram } from '../program.js';

describe('pgsteward events ingest', () => {
  it('takes a file or stdin, prints counts as JSON, and ends with 1 where a line is rejected', async () => {
    const { url, session } = await fleet();
    const env = { DATABASE_URL: url };
    const file = join(place(), 'events.ndjson');
    writeFileSync(file, `${line()}\nnonsense\n`);
    const ended = await runProgram(['events', 'ingest', file], { env });
    expect(ended.status).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      accepted: 1,
      duplicates: 0,
      rejected: 1,
      rejections: [{ line: 2 }],
    });
    const piped = await runProgram(['events', 'ingest', '-', '--format', 'text'], { env, stdin: line() });
    expect(piped).toMatchObject({
      status: 0,
      stdout: 'events ingest: succeeded, accepted 1, duplicates 0, rejected 0\n',
    });
    expect((await session.query('SELECT FROM update_events')).rowCount).toBe(2);
  });

  it('refuses a file that is not there before it connects', async () => {
    const ended = await runProgram(['events', 'ingest', '/nowhere/events'], { env: { DATABASE_URL: 'postgres://x' } });
    expect(expectRefusal(ended, 2)).toContain('/nowhere/events cannot be read: there is no such file');
  });
});

function line(): string {
  const { id } = event();
  return JSON.stringify({
    ...{ id, agent_id: AGENTS[0], package_type: 'apt', package_name: 'curl', version_to: '1.1' },
    ...{ event_type: 'discovered', created_at: '2026-01-01T00:00:00Z' },
  });
}
