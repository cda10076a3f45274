import { describe, expect, it } from 'vitest';
import type { WorkloadStatement } from '../../src/model/workload.js';
import { fingerprint } from '../../src/sql/fingerprint.js';
import { mergeStatements } from '../../src/workload/merge-statements.js';

function statement(text: string, calls = 1): WorkloadStatement {
  return {
    fingerprint: fingerprint(text),
    text,
    name: null,
    calls,
    totalTimeMs: null,
    rows: null,
    sharedBuffers: null,
    parameterSamples: [],
    location: null,
  };
}

const merged = (...texts: readonly string[]) =>
  mergeStatements(texts.map((text, place) => statement(text, place + 1))).map(({ text, calls }) => [text, calls]);

describe('statements of one fingerprint', () => {
  it('are one, with their calls together, and the text that holds values', () => {
    expect(merged('SELECT 1 FROM t WHERE a = $1', 'SELECT 1 FROM t WHERE a = 5')).toEqual([
      ['SELECT 1 FROM t WHERE a = 5', 3],
    ]);
  });

  it('are two where one asks for a value and the other for a list', () => {
    expect(
      merged('SELECT 1 FROM t WHERE a = 1', 'SELECT 1 FROM t WHERE a IN (1, 2)', 'SELECT 1 FROM t WHERE a IN (3)'),
    ).toEqual([
      ['SELECT 1 FROM t WHERE a = 1', 1],
      ['SELECT 1 FROM t WHERE a IN (1, 2)', 5],
    ]);
  });

  it('are two where one pattern has a beginning and the other has none', () => {
    const texts = ["SELECT 1 FROM t WHERE a LIKE 'x%'", "SELECT 1 FROM t WHERE a LIKE '%x%'"];
    expect(merged(...texts)).toEqual([
      [texts[0], 1],
      [texts[1], 2],
    ]);
  });
});
