import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openSession } from '../../src/postgres/session.js';
import { namedRelations } from '../../src/sql/named-relations.js';
import { type FoundLoop, loopsInLog } from './detect-loops.js';
import { LOG_FORMATS, LogServer } from './log-server.js';

const FOLDER = join(import.meta.dirname, 'orms');
const MAPPERS = ['sequelize', 'typeorm', 'objection', 'drizzle', 'mikro-orm', 'prisma'];
const PRECISION_LEAST = 0.98;
const RECALL_LEAST = 0.9;

/** What each request of the program is when its reads are lazy: `class: table < table`. */
const LAZY: Readonly<Record<string, readonly string[]>> = {
  authors: ['plain: authors < posts'],
  comments: ['plain: comments < posts'],
  commenters: ['plain: comments < posts', 'nested: authors < comments'],
  tags: ['m-n-plus-one: tags < posts'],
  renames: ['update: posts < posts'],
  views: ['insert: views < posts'],
};

/**
 * Runs the same small program through real object mappers, with loops and without, and prints what is found in the logs.
 * The mappers are installed where they are not. Gives whether the bars are reached.
 */
export async function judgeMappers(seed: number, isVerbose: boolean): Promise<boolean> {
  if (!existsSync(join(FOLDER, 'node_modules', '.prisma'))) install();
  const server = await LogServer.start();
  const sums = { right: 0, found: 0, met: 0, wanted: 0 };
  try {
    for (const mapper of MAPPERS) {
      for (const way of ['lazy', 'eager'] as const) {
        const database = `${mapper.replace('-', '_')}_${way}`;
        const url = server.url(database);
        await server.createDatabase(database);
        await fill(url);
        let did: Readonly<Record<string, number>> = {};
        const files = await server.logged(database, 'all', async () => {
          did = await runMapper([mapper, way, url, String(seed)]);
        });
        const done = Object.keys(LAZY).filter((request) => (did[request] ?? 0) > 0);
        const wanted = new Set(way === 'eager' ? [] : done.flatMap((request) => LAZY[request] ?? []));
        const told: string[] = [];
        for (const format of LOG_FORMATS) {
          const loops = await loopsInLog(url, files.get(format) ?? '');
          const found = new Set(loops.map(nameOf));
          const right = [...wanted].filter((each) => found.has(each)).length;
          sums.met += right;
          sums.wanted += wanted.size;
          sums.right += loops.filter((loop) => wanted.has(nameOf(loop))).length;
          sums.found += loops.length;
          told.push(
            `${format} ${right}/${wanted.size} found, ${[...found].filter((each) => !wanted.has(each)).length} others`,
          );
          if (isVerbose) tell(loops, wanted);
        }
        console.log(`${mapper}, ${way}: ${told.join('; ')}`);
        await server.dropDatabase(database);
      }
    }
  } finally {
    await server.stop();
  }
  const [precision, recall] = [sums.right / Math.max(sums.found, 1), sums.met / Math.max(sums.wanted, 1)];
  console.log(
    `object mappers: precision ${precision.toFixed(3)} of ${sums.found}, recall ${recall.toFixed(3)} of ${sums.wanted}`,
  );
  return precision >= PRECISION_LEAST && recall >= RECALL_LEAST;
}

/** `nested: authors < comments`; of a statement over several tables the one that is no connection. */
function nameOf(loop: FoundLoop): string {
  const tables = namedRelations(loop.child.text).map(({ name }) => name);
  const child = tables.find((name) => name !== 'post_tags') ?? tables[0];
  const parent = loop.parent === null ? 'unknown' : namedRelations(loop.parent.text)[0]?.name;
  return `${loop.class}: ${child} < ${parent}`;
}

function tell(loops: readonly FoundLoop[], wanted: ReadonlySet<string>): void {
  const found = new Set(loops.map(nameOf));
  for (const each of wanted) if (!found.has(each)) console.log(`  MISSED ${each}`);
  for (const loop of loops) {
    if (!wanted.has(nameOf(loop)))
      console.log(`  WRONG ${nameOf(loop)}: ${loop.child.text}\n    < ${loop.parent?.text}\n    ${loop.detail}`);
  }
}

function install(): void {
  // Without scripts: Prisma's would fetch engines from a server of its own, which its client over pg does without.
  run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts']);
  run('npx', ['prisma', 'generate', '--schema', 'schema.prisma']);
}

function run(program: string, args: readonly string[]): void {
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', CHECKPOINT_DISABLE: '1' };
  const { status } = spawnSync(program, args, { cwd: FOLDER, env, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} in ${FOLDER} ended with status ${status}`);
}

async function fill(url: string): Promise<void> {
  const session = await openSession(url);
  await session.script(`
    CREATE TABLE authors (id int PRIMARY KEY, name text);
    INSERT INTO authors SELECT n, 'author ' || n FROM generate_series(1, 150) AS n;
    CREATE TABLE posts (id int PRIMARY KEY, author_id int REFERENCES authors, title text);
    INSERT INTO posts SELECT n, 1 + n * 37 % 150, 'post ' || n FROM generate_series(1, 400) AS n;
    CREATE TABLE comments (id int PRIMARY KEY, post_id int REFERENCES posts, author_id int REFERENCES authors, body text);
    INSERT INTO comments SELECT n, 1 + n * 7 % 400, 1 + n * 11 % 150, 'body' FROM generate_series(1, 1600) AS n;
    CREATE TABLE tags (id int PRIMARY KEY, name text);
    INSERT INTO tags SELECT n, 'tag ' || n FROM generate_series(1, 30) AS n;
    CREATE TABLE post_tags (post_id int REFERENCES posts, tag_id int REFERENCES tags, PRIMARY KEY (post_id, tag_id));
    INSERT INTO post_tags SELECT DISTINCT 1 + n % 400, 1 + n * 13 % 30 FROM generate_series(1, 1000) AS n;
    CREATE TABLE views (id serial PRIMARY KEY, post_id int REFERENCES posts);
    ANALYZE`);
  await session.close();
}

async function runMapper(args: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const child = spawn(process.execPath, [join(FOLDER, 'run.mjs'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  if (status !== 0) throw new Error(`${args.slice(0, 2).join(' ')} ended with status ${status}`);
  return JSON.parse(printed.trim().split('\n').at(-1) ?? '{}') as Readonly<Record<string, number>>;
}
