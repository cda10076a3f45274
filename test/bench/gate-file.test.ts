import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readGateFile, requireKnownQueries } from '../../src/bench/gate-file.js';
import { StewardError } from '../../src/errors.js';

const folder = mkdtempSync(join(tmpdir(), 'pgsteward-gate-'));
afterAll(() => rmSync(folder, { recursive: true }));

function gateFile(text: string): string {
  const file = join(folder, 'gate.yaml');
  writeFileSync(file, text);
  return file;
}

function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof StewardError) return error.message.replaceAll(`${folder}/`, '');
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('readGateFile', () => {
  it('reads limits for all queries, for one, and for writes', () => {
    const text = `
limits: { p99Ratio: 1.25, p50Ratio: 1.2, cpuRatio: 1.1, buffersRatio: 1.5, p99Ms: 50, errorRate: 0, planChange: forbid }
queries: { pending-commands: { p99Ms: 10 } }
writes: { walRatio: 1.3, hotShareDrop: 0.1 }
`;
    expect(readGateFile(gateFile(text))).toEqual({
      limits: {
        ...{ p99Ratio: 1.25, p50Ratio: 1.2, cpuRatio: 1.1, buffersRatio: 1.5, p99Ms: 50, errorRate: 0 },
        planChange: 'forbid',
      },
      queries: { 'pending-commands': { p99Ms: 10 } },
      writes: { walRatio: 1.3, hotShareDrop: 0.1 },
    });
  });

  it('takes an empty file for a gate without limits', () => {
    expect(readGateFile(gateFile(''))).toEqual({ limits: {}, queries: {}, writes: {} });
  });

  it('names every bad key and value at once', () => {
    const text =
      'limits: { p98Ratio: 2, p50Ratio: fast, planChange: maybe }\nqueries: { a: { errorRate: 2 } }\nwritten: {}';
    expect(refusalOf(() => readGateFile(gateFile(text)))).toMatchInlineSnapshot(`
      "limits.p50Ratio in gate.yaml is not allowed: expected a number
      limits.planChange in gate.yaml is not allowed: expected one of allow, forbid, report
      limits.p98Ratio in gate.yaml is no limit
      queries.a.errorRate in gate.yaml is not allowed: expected a number up to 1
      written in gate.yaml is no limit"
    `);
  });

  it('refuses what is no YAML, no keys, or no file', () => {
    expect(refusalOf(() => readGateFile(gateFile('limits: [')))).toMatch(/^the gate file gate\.yaml is not YAML: /);
    expect(refusalOf(() => readGateFile(gateFile('- 1')))).toBe(
      'what stands in gate.yaml is not allowed: expected keys with values',
    );
    expect(refusalOf(() => readGateFile(join(folder, 'none.yaml')))).toMatch(
      /^the gate file none\.yaml cannot be read: /,
    );
  });
});

describe('requireKnownQueries', () => {
  it('refuses limits for a query that is not measured', () => {
    const gate = { limits: {}, queries: { pendng: { p99Ms: 1 } }, writes: {} };
    expect(refusalOf(() => requireKnownQueries(gate, ['pending']))).toBe(
      'the gate limits pendng, which is not measured',
    );
    requireKnownQueries(gate, ['pendng']);
  });
});
