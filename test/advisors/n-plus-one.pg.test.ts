import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nPlusOne } from '../../src/advisors/n-plus-one.js';
import { type EmbeddedServer, startServer } from '../../src/embedded/server.js';
import type { AdviceReport } from '../../src/model/advice.js';
import { openSession } from '../../src/postgres/session.js';
import { renderAdviceJson } from '../../src/report/advice/json.js';
import { fillBlog } from '../advise/lineage/blog.js';
import { runAdvise } from '../advise/run-advise.js';
import { testDatabase } from '../postgres.js';
import { expectValidAdviceReport } from '../report/report-schema.js';
import { inSession, loopFindings, numbers } from './loops/find-loops.js';

/** What is measured, and what that leads to. */
const FIGURES = /[\d.]+(?= ms as)|(?<=took )[\d.]+|(?<=target )[\d.]+|(?<=about ).*$/g;

describe('from the log of a server', () => {
  let server: EmbeddedServer;
  let report: AdviceReport;

  beforeAll(async () => {
    server = await startServer({
      settings: {
        ...{ logging_collector: 'on', log_destination: 'jsonlog', log_min_duration_statement: '0' },
        ...{ log_filename: 'blog.log', log_directory: 'logged' },
      },
    });
    await server.createDatabase('blog');
    const session = await openSession(server.url('blog'), { applicationName: 'blog' });
    await fillBlog(session);
    for (const from of [100, 500]) {
      const { rows } = await session.query<{ id: number; author_id: number }>(
        'SELECT id, author_id FROM posts WHERE id >= $1 ORDER BY id LIMIT 20',
        [from],
      );
      for (const { id, author_id } of rows) {
        await session.query('SELECT name FROM authors WHERE id = $1', [author_id]);
        await session.script(`SELECT count(*) FROM comments WHERE post_id = ${id}`);
      }
    }
    await session.close();
    report = await runAdvise({
      ...{ url: server.url('blog'), workload: [`log:${join(server.dataDirectory, 'logged', 'blog.json')}`] },
      rules: ['n-plus-one'],
    });
  }, 60_000);

  afterAll(() => server.stop());

  it('finds both loops with parent, child, grade and figures, in a valid report', () => {
    expectValidAdviceReport(renderAdviceJson(report));
    expect(report.findings.map(({ title, proof }) => [title, proof.grade]).sort()).toEqual([
      ['N+1: public.authors is read once for each row of public.posts', 'linked'],
      ['N+1: public.comments is read once for each row of public.posts', 'linked'],
    ]);
    const authors = report.findings.find(({ relations }) => relations[0] === 'public.authors');
    expect(authors?.queries.map(({ role, calls }) => [role, calls])).toEqual([
      ['parent', 2],
      ['child', 40],
    ]);
    expect(authors?.message.replace(FIGURES, '…')).toMatchInlineSnapshot(
      `"One query of public.posts is followed 20 times by a query of public.authors: its $1 (public.authors.id) is that query’s public.posts.author_id. 2 such loops made 40 round trips, took … ms on the server; 2 batches would do. The batch gave the same 20 rows as 20 calls of the loop on target …: … ms as a loop and … ms as a batch. Estimated saving: 38 round trips and about …"`,
    );
    expect(report.findings.map(({ fix }) => fix?.rewrittenQuery?.split('\n')[0]).sort()).toEqual([
      'SELECT id, name FROM authors WHERE id = ANY ($1::integer[])',
      'SELECT wanted.key_1, coalesce(found.value, 0) AS count',
    ]);
    const values = Object.fromEntries(authors?.evidence.map(({ name, value }) => [name, value]) ?? []);
    expect(values).toMatchObject({ 'calls an occurrence': 20, occurrences: 2, 'round trips': 40 });
  });
});

describe('without a parent that is known', () => {
  const read = (count: number, transaction: string | null) =>
    inSession(
      numbers(count).map((n) => ['SELECT name FROM users WHERE id = $1', n]),
      { transaction },
    );

  it('counts ten reads by different keys in one transaction, and no reads outside of one', async () => {
    const { session } = await testDatabase({ template: 'blog', prepare: fillBlog });
    const [finding] = await loopFindings(session, nPlusOne, read(10, '2/5'));
    expect([finding?.severity, finding?.proof.grade]).toEqual(['info', 'counted']);
    expect(finding?.message.replace(FIGURES, '…')).toMatchInlineSnapshot(
      `"public.users is read 10 times by public.users.id, each time for another value, within one transaction. That loop made 10 round trips, took … ms on the server; 1 batch would do. The batch gave the same 10 rows as 10 calls of the loop on target …: … ms as a loop and … ms as a batch. Estimated saving: 9 round trips and about …"`,
    );
    expect(await loopFindings(session, nPlusOne, read(9, '2/5'))).toEqual([]);
    expect(await loopFindings(session, nPlusOne, read(60, null))).toEqual([]);
  });
});
