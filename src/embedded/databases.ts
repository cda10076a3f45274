import { openSession } from '../postgres/session.js';

/** Creates a database, by the URL of another one of its server; empty where no template is given. */
export async function createDatabaseOn(
  serverUrl: string,
  { name, template }: { readonly name: string; readonly template?: string | undefined },
): Promise<void> {
  // Copying files beats writing each block of a large template to the log, but asks for two checkpoints.
  const strategy = template === undefined ? 'WAL_LOG' : 'FILE_COPY';
  await runFormatted(serverUrl, `CREATE DATABASE %I TEMPLATE %I STRATEGY ${strategy}`, [name, template ?? 'template1']);
}

/** Drops a database and ends its connections; one that is not there is fine. */
export async function dropDatabaseOn(serverUrl: string, name: string): Promise<void> {
  await runFormatted(serverUrl, 'DROP DATABASE IF EXISTS %I WITH (FORCE)', [name]);
}

/** Runs a statement whose names the server itself quotes. */
async function runFormatted(serverUrl: string, template: string, names: readonly string[]): Promise<void> {
  const session = await openSession(serverUrl);
  try {
    const { rows } = await session.query<{ statement: string }>(
      'SELECT pg_catalog.format($1, VARIADIC $2::text[]) AS statement',
      [template, names],
    );
    await session.query(rows[0]?.statement ?? '');
  } finally {
    await session.close();
  }
}
