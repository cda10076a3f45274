import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readJobs } from '../../src/jobs/definitions.js';
import { jobKinds } from '../../src/jobs/index.js';
import { presets } from '../../src/jobs/presets.js';
import { SHIPPED_JOBS } from '../../src/settings-worker.js';

const page = readFileSync(new URL('../../docs/replicas.md', import.meta.url), 'utf8');

describe('the registry of jobs', () => {
  it.each(jobKinds.map(({ kind }) => kind))('has %s in the inventory of what replicas do, and a test of it', (kind) => {
    expect(page).toContain(`| \`${kind}\` |`);
    const tests = readdirSync(new URL('.', import.meta.url));
    expect(tests.some((file) => file.startsWith(`${kind}.`))).toBe(true);
  });

  it('gives no job a schedule of its own', () => {
    expect(readJobs({}).filter(({ schedule }) => schedule !== null)).toEqual([]);
  });

  it('knows every shipped job by the name that the environment uses', () => {
    expect(SHIPPED_JOBS).toEqual(expect.arrayContaining(Object.keys(presets)));
  });
});
