import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StewardError } from '../../src/errors.js';
import { readMigrationFile, readMigrations } from '../../src/migrate/files.js';
import { folderWith, migrationsWith } from './folder.js';

const TABLE = { '0001_a.up.sql': 'CREATE TABLE a ();\n', '0001_a.down.sql': 'DROP TABLE a;\n' };

async function refusalOf(work: Promise<unknown>): Promise<StewardError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof StewardError) return error;
  throw new Error(`no StewardError but ${String(error)}`);
}

describe('reading one file', () => {
  it('takes its version and its down file from its name', async () => {
    const dir = await folderWith({ ...TABLE, '0002_b.up.sql': 'SELECT 2' });
    const { migrations } = await readMigrationFile(join(dir, '0001_a.up.sql'));
    expect(migrations.map(({ version, name, down }) => [version, name, down?.text])).toEqual([
      ['0001', 'a', TABLE['0001_a.down.sql']],
    ]);
    const [whole] = (await readMigrations([dir])).migrations;
    expect(migrations[0]?.checksum).toBe(whole?.checksum);
  });

  it('takes a file of any name', async () => {
    const dir = await folderWith({ 'indexes.sql': 'SELECT 1' });
    const { migrations } = await readMigrationFile(join(dir, 'indexes.sql'));
    expect(migrations.map(({ version, name, down }) => [version, name, down])).toEqual([['0', 'indexes', null]]);
  });
});

describe('reading migrations', () => {
  it('pairs up and down files and puts versions in order', async () => {
    const folder = await migrationsWith({ ...TABLE, '0003_c.up.sql': 'SELECT 3', '0002_b_c.up.sql': 'SELECT 2' });
    expect(folder.migrations.map(({ version, name, down }) => [version, name, down !== null])).toEqual([
      ['0001', 'a', true],
      ['0002', 'b_c', false],
      ['0003', 'c', false],
    ]);
    expect(folder.migrations[1]?.description).toBe('b c');
  });

  it('gives one checksum for one text, whatever its line ends and its byte order mark', async () => {
    const plain = await migrationsWith(TABLE);
    const windows = await migrationsWith({
      '0001_a.up.sql': '\uFEFFCREATE TABLE a ();\r\n',
      '0001_a.down.sql': 'DROP TABLE a;\r\n',
    });
    expect(windows.migrations[0]?.checksum).toBe(plain.migrations[0]?.checksum);
  });

  it('gives another checksum when either file changes, appears or goes', async () => {
    const variants = [
      TABLE,
      { ...TABLE, '0001_a.up.sql': 'CREATE TABLE b ();\n' },
      { ...TABLE, '0001_a.down.sql': '' },
      { '0001_a.up.sql': TABLE['0001_a.up.sql'] },
    ];
    const checksums = await Promise.all(
      variants.map(async (files) => (await migrationsWith(files)).migrations[0]?.checksum),
    );
    expect(new Set(checksums).size).toBe(variants.length);
  });

  it('reads directives with their lines', async () => {
    const text = '-- pgsteward: no-transaction\nSELECT 1;\n--pgsteward: ignore blocking-lock tiny table\n';
    const folder = await migrationsWith({
      '1_a.up.sql': text,
      '1_a.down.sql': '-- pgsteward: irreversible the rows are gone',
    });
    expect(folder.migrations[0]?.up.directives).toEqual([
      { kind: 'no-transaction', line: 1 },
      { kind: 'ignore', line: 3, ruleId: 'blocking-lock', reason: 'tiny table' },
    ]);
    expect(folder.migrations[0]?.irreversible).toBe('the rows are gone');
  });

  it('refuses a directive that it does not know, with file and line', async () => {
    const error = await refusalOf(migrationsWith({ '1_a.up.sql': 'SELECT 1;\n-- pgsteward: no-transactions\n' }));
    expect(error.message).toMatch(/1_a\.up\.sql:2: "-- pgsteward: no-transactions" is no directive/);
  });

  it('names .sql files that it does not run, and passes other files by', async () => {
    const folder = await migrationsWith({ ...TABLE, '0002_b.sql': '', '0003_c.down.sql': '', 'README.md': '' });
    expect(folder.unrecognised.map(({ path, reason }) => [path.split('/').at(-1), reason])).toEqual([
      ['0002_b.sql', 'its name is not <version>_<name>.up.sql or .down.sql'],
      ['0003_c.down.sql', 'there is no up file of this version and name'],
    ]);
  });

  it('joins several folders, and one folder named twice counts once', async () => {
    const [first, second] = [await folderWith(TABLE), await folderWith({ '0002_b.up.sql': 'SELECT 2' })];
    const { migrations } = await readMigrations([first, second, `${first}/.`]);
    expect(migrations.map(({ version }) => version)).toEqual(['0001', '0002']);
  });

  it('refuses two files of one version by both names, also across folders', async () => {
    const [first, second] = [await folderWith(TABLE), await folderWith({ '0001_b.up.sql': 'SELECT 1' })];
    const error = await refusalOf(readMigrations([first, second]));
    expect(error.message).toContain(join(first, '0001_a.up.sql'));
    expect(error.message).toContain(join(second, '0001_b.up.sql'));
    expect(error.exitStatus).toBe(2);
  });

  it('refuses versions whose order is not clear', async () => {
    const error = await refusalOf(migrationsWith({ '001_a.up.sql': 'SELECT 1', '0002_b.up.sql': 'SELECT 2' }));
    expect(error.message).toMatch(/001_a\.up\.sql and .*0002_b\.up\.sql have 3 and 4 digits/);
  });

  it('refuses a folder that is not there, a file, and a folder without a migration', async () => {
    const dir = await folderWith({ 'schema.sql': 'SELECT 1' });
    expect((await refusalOf(readMigrations([join(dir, 'gone')]))).message).toMatch(/gone cannot be read: there is no/);
    expect((await refusalOf(readMigrations([join(dir, 'schema.sql')]))).message).toMatch(/is a file, not a folder/);
    const none = await refusalOf(readMigrations([dir]));
    expect(none.message).toMatch(/holds no migration: only .*schema\.sql/);
    expect(none.hint).toContain('0001_add_users.up.sql');
  });

  it('refuses text that is not UTF-8, with the line', async () => {
    const latin = Buffer.concat([Buffer.from("SELECT 1;\nSELECT 'M"), Buffer.from([0xfc]), Buffer.from("ller';")]);
    const error = await refusalOf(readMigrations([await folderWith({ '1_a.up.sql': latin })]));
    expect(error.message).toMatch(/1_a\.up\.sql:2: the text is not valid UTF-8/);
  });

  it('refuses a file over 10 MB, a folder in a file’s place and links that go round in a circle', async () => {
    const large = await folderWith({ '1_a.up.sql': Buffer.alloc(10_000_001, 32) });
    expect((await refusalOf(readMigrations([large]))).message).toMatch(/has 10000001 bytes, more than 10000000/);
    const folder = await folderWith({});
    await mkdir(join(folder, '1_a.up.sql'));
    expect((await refusalOf(readMigrations([folder]))).message).toMatch(/cannot be read: it is a folder/);
    const circle = await folderWith({});
    await symlink(join(circle, '1_b.up.sql'), join(circle, '1_a.up.sql'));
    await symlink(join(circle, '1_a.up.sql'), join(circle, '1_b.up.sql'));
    expect((await refusalOf(readMigrations([circle]))).message).toMatch(/claimed twice/);
    const loop = await folderWith({});
    await symlink(join(loop, '1_a.up.sql'), join(loop, '1_a.up.sql'));
    expect((await refusalOf(readMigrations([loop]))).message).toMatch(/symbolic links go round in a circle/);
  });

  it('refuses a folder and a file that it has no right to, and a folder that is a link to itself', async () => {
    const closed = await folderWith(TABLE);
    await chmod(closed, 0);
    const open = await folderWith(TABLE);
    await chmod(open, 0o755);
    await chmod(join(open, '0001_a.up.sql'), 0);
    await withoutPrivileges(async () => {
      const folder = await refusalOf(readMigrations([closed]));
      expect(folder.message).toBe(`${closed} cannot be read: this user has no right to it`);
      const file = await refusalOf(readMigrations([open]));
      expect(file.message).toBe(`${join(open, '0001_a.up.sql')} cannot be read: this user has no right to it`);
      expect(file.hint).toContain('chmod');
    });
    await chmod(closed, 0o700);
    const loop = join(await folderWith({}), 'loop');
    await symlink(loop, loop);
    expect((await refusalOf(readMigrations([loop]))).message).toMatch(
      /loop cannot be read: its symbolic links go round/,
    );
  });
});

/** To the superuser every file is open. */
async function withoutPrivileges(work: () => Promise<void>): Promise<void> {
  const superuser = process.geteuid?.() === 0;
  if (superuser) process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    if (superuser) process.seteuid?.(0);
  }
}
