import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AdviceReport } from '../../src/model/advice.js';
import { fillBlog } from '../advise/lineage/blog.js';
import { testDatabase } from '../postgres.js';
import { place, type Running, startProgram } from '../program.js';

const START_MS = Date.UTC(2026, 5, 1);

/** A request that reads some posts and the author of each, as jsonlog. */
function request(number: number): string {
  const from = 1 + number * 40;
  const page = 'SELECT id, author_id, title FROM posts WHERE id >= $1 ORDER BY id LIMIT 15';
  const statements = [
    [page, String(from)],
    ...Array.from({ length: 15 }, (_, place) => [
      'SELECT name FROM authors WHERE id = $1',
      String(1 + (((from + place) * 37) % 500)),
    ]),
  ];
  return statements
    .map(([text, value], place) => {
      const at = new Date(START_MS + number * 20_000 + place * 3).toISOString().replace('T', ' ').replace('Z', ' UTC');
      const message = `duration: 1.000 ms  execute s: ${text}`;
      const known = { timestamp: at, session_id: 'a.1', line_num: number * 20 + place, error_severity: 'LOG' };
      return `${JSON.stringify({ ...known, message, detail: `parameters: $1 = '${value}'` })}\n`;
    })
    .join('');
}

/** Waits for the first line that the program prints. */
function firstLine({ child }: Running): Promise<string> {
  return new Promise((resolve) => {
    let printed = '';
    child.stdout?.on('data', (part: string) => {
      printed += part;
      if (printed.includes('\n')) resolve(printed.slice(0, printed.indexOf('\n')));
    });
  });
}

describe('advise --follow', () => {
  it('tells of a loop while the log grows, and ends with the report', async () => {
    const { url } = await testDatabase({ template: 'blog', prepare: fillBlog });
    const file = join(place(), 'server.json');
    await writeFile(file, '');
    const running = startProgram([
      ...['advise', '--database-url', url, '--workload', `log:${file}`, '--follow', '--format', 'json'],
      ...['--planner', 'target'],
    ]);
    await appendFile(file, request(0) + request(1));
    const early = JSON.parse(await firstLine(running)) as AdviceReport;
    expect(early.findings).toMatchObject([{ ruleId: 'n-plus-one', class: 'plain', proof: { grade: 'linked' } }]);
    await appendFile(file, request(2));
    running.child.kill('SIGINT');
    const { status, stdout, stderr } = await running.ended;
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(2);
    const report = JSON.parse(lines.at(-1) ?? '') as AdviceReport;
    expect(report.workload).toMatchObject({ source: [`log:${file}`], statements: 2 });
    expect(report.findings.map(({ key }) => key)).toContain(early.findings[0]?.key);
  }, 60_000);

  it('is refused where there is nothing to follow', async () => {
    const ended = await startProgram(['advise', '--database-url', 'postgres://127.0.0.1:1/x', '--follow']).ended;
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toContain('--follow has no log to follow in the workload pgss');
  });
});
