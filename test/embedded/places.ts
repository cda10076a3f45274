import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';

/** Gives a folder that every user may enter and only this test knows. */
export function ownDirectory(): string {
  const directory = mkdtempSync('/tmp/steward-test-');
  chmodSync(directory, 0o711);
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Gives a file system of its own in memory; the test is skipped where none can be mounted. */
export function mountedDirectory(context: TestContext, options: string): string {
  const directory = join(ownDirectory(), 'mounted');
  mkdirSync(directory);
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `mode=0711,${options}`, 'tmpfs', directory]);
  if (status !== 0) context.skip(`no file system can be mounted here: ${String(stderr).trim()}`);
  context.onTestFinished(() => {
    spawnSync('umount', ['-l', directory]);
  });
  return directory;
}
