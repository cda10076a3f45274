import type { Session } from '../../src/postgres/session.js';
import { vacuumAll } from './vacuum-all.js';

/** A number between 0 and 1 by chance to the eye and always the same. */
const uniform = (n: string, seed: number) => `((hashint8extended(${n}, ${seed}) & 2147483647) / 2147483648.0)`;
/** A word of a vocabulary in which few words are common. */
const word = (n: string, seed: number) => `'w' || left(md5(floor(power(${uniform(n, seed)}, 3) * 8000)::text), 7)`;

/** Articles with what a plain btree on a column cannot answer, always the same, ANALYZEd. */
export async function fillLibrary(session: Session): Promise<void> {
  await session.script(`
    CREATE TABLE shelves (code text PRIMARY KEY, title text NOT NULL);
    CREATE TABLE articles (
      id int PRIMARY KEY, owner int NOT NULL, slug text NOT NULL, code text COLLATE "C" NOT NULL,
      title varchar(100) NOT NULL, email text NOT NULL, body text NOT NULL, note text, data jsonb NOT NULL,
      tags text[] NOT NULL, numbers int[] NOT NULL, words tsvector NOT NULL, at timestamp NOT NULL,
      seen timestamptz NOT NULL, span int4range NOT NULL, kind text NOT NULL);
    INSERT INTO shelves SELECT 's' || n, 'Shelf ' || n FROM generate_series(1, 50) AS n;
    INSERT INTO articles
    SELECT n, n * 7919 % 400, 'slug-' || n * 7919 % 40000, 'c' || n * 10429 % 40000, 'Title ' || n * 6113 % 40000,
           left(md5(n::text), 10) || '@' || (ARRAY['Example.org', 'mail.example'])[1 + n % 2], b.body,
           CASE WHEN n % 3 > 0 THEN 'note ' || n * 31 % 20011 END,
           jsonb_build_object('user', 'u' || n * 7919 % 5000, 'n', n * 31 % 10007, 'kind', (ARRAY['a', 'b', 'c'])[1 + n % 3])
             || CASE WHEN n % 900 = 0 THEN '{"urgent": true}' ELSE '{}' END::jsonb,
           ARRAY['t' || floor(power(${uniform('n', 1)}, 2) * 600), 't' || floor(power(${uniform('n', 2)}, 2) * 600)],
           ARRAY[floor(${uniform('n', 3)} * 3000)::int, floor(${uniform('n', 4)} * 3000)::int],
           to_tsvector('simple', b.body), timestamp '2026-01-01' + n * 7919 % 40000 * interval '13 minutes',
           timestamptz '2026-01-01 00:00+00' + n * 7919 % 40000 * interval '13 minutes',
           int4range(n * 7919 % 40000, n * 7919 % 40000 + 5),
           CASE WHEN n % 50 = 0 THEN 'rare' ELSE 'usual' END
      FROM generate_series(1, 40000) AS n,
           LATERAL (SELECT string_agg(${word('n * 16 + g', 5)}, ' ') AS body FROM generate_series(1, 16) AS g) AS b`);
  await vacuumAll(session);
}
