import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { openSession, type Session } from '../src/postgres/session.js';
import { afterFile } from './per-file.js';

export interface TestDatabase {
  readonly url: string;
  /** An open session of the superuser; closed after the test file. */
  readonly session: Session;
}

export interface TestDatabaseOptions {
  /** Name under which a prepared database is kept for the file's other tests. */
  readonly template: string;
  /** Fills the template; runs once a file. */
  readonly prepare: (session: Session) => Promise<unknown>;
}

const databases: string[] = [];
const templates = new Map<string, Promise<string>>();

/**
 * Gives a database of its own on the run's PostgreSQL: empty, or a clone of a template that is prepared once a file.
 * It is dropped after the file.
 */
export async function testDatabase(options?: TestDatabaseOptions): Promise<TestDatabase> {
  const template = options === undefined ? 'template1' : await templateFor(options);
  const url = urlOf(await createDatabase(template));
  const session = await openSession(url);
  afterFile(() => session.close());
  return { url, session };
}

function templateFor({ template, prepare }: TestDatabaseOptions): Promise<string> {
  const known = templates.get(template) ?? prepareTemplate(prepare);
  templates.set(template, known);
  return known;
}

async function prepareTemplate(prepare: TestDatabaseOptions['prepare']): Promise<string> {
  const database = await createDatabase('template1');
  const session = await openSession(urlOf(database));
  try {
    await prepare(session);
  } finally {
    await session.close();
  }
  return database;
}

async function createDatabase(template: string): Promise<string> {
  const database = `test_${randomUUID().replaceAll('-', '')}`;
  if (databases.push(database) === 1) afterFile(dropDatabases);
  const strategy = template === 'template1' ? 'WAL_LOG' : 'FILE_COPY';
  await onServer((server) => server.query(`CREATE DATABASE ${database} TEMPLATE ${template} STRATEGY ${strategy}`));
  return database;
}

async function dropDatabases(): Promise<void> {
  const dropped = databases.splice(0);
  templates.clear();
  await onServer(async (server) => {
    for (const database of dropped) await server.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  });
}

async function onServer(work: (server: Session) => Promise<unknown>): Promise<void> {
  const server = await openSession(serverUrl());
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

function urlOf(database: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${database}`;
  return url.href;
}

function serverUrl(): string {
  const url = inject('testServerUrl');
  if (url === null) throw new Error('no server runs: a test file that needs one is called *.pg.test.ts');
  return url;
}
