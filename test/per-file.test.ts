import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { afterFile, endFile, oncePerFile } from './per-file.js';

afterEach(endFile);

describe('what is made for a file', () => {
  it('is made once, when it is first asked for, and anew for the next file', async () => {
    let made = 0;
    const ended: number[] = [];
    const number = oncePerFile(
      async () => ++made,
      (value) => ended.push(value),
    );
    expect(made).toBe(0);
    expect([await number(), await number()]).toEqual([1, 1]);
    await endFile();
    expect(ended).toEqual([1]);
    expect(await number()).toBe(2);
  });

  it('is undone in the order against that in which it came, and wholly, whatever fails', async () => {
    const undone: string[] = [];
    afterFile(() => undone.push('first'));
    afterFile(() => Promise.reject(new Error('the second is stuck')));
    afterFile(() => undone.push('third'));
    await expect(endFile()).rejects.toMatchObject({ errors: [new Error('the second is stuck')] });
    expect(undone).toEqual(['third', 'first']);
    await endFile();
    expect(undone).toHaveLength(2);
  });
});

it('no module that test files share has a hook or a setting of its own, which would be the first file’s alone', () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
  const shared = files.filter((file) => /(?<!\.test)\.ts$/.test(file) && file !== 'file-setup.ts');
  const own = /^(before|after)(All|Each)\(|^vi\.|^(const|let) .*= testDatabase\(/m;
  expect(shared.filter((file) => own.test(readFileSync(join(import.meta.dirname, file), 'utf8')))).toEqual([]);
});
