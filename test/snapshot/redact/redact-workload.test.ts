import { expect, it } from 'vitest';
import { redactWorkload } from '../../../src/snapshot/redact/redact-workload.js';

function redacted(text: string): string | undefined {
  const unmeasured = { name: 'a name', totalTimeMs: 1, rows: 1, sharedBuffers: 1, location: null };
  const statement = { fingerprint: 'f', text, calls: 3, parameterSamples: [['secret']], ...unmeasured };
  const skipped = [{ reason: 'not planned', count: 1, example: "ALTER ROLE x PASSWORD 'secret'" }];
  const workload = redactWorkload({ statements: [statement], skipped, unavailable: null });
  expect(JSON.stringify(workload)).not.toMatch(/secret|a name/);
  expect(workload.skipped).toEqual([{ reason: 'not planned', count: 1, example: 'redacted' }]);
  return workload.statements[0]?.text;
}

it('leaves a text of parameters alone as it is, with places and sizes that are numbers', () => {
  for (const text of [
    'SELECT a FROM t WHERE b = $1 ORDER BY 1 DESC, 2 LIMIT $2',
    'SELECT a::numeric(10, 2) FROM t GROUP BY 1',
  ])
    expect(redacted(text)).toBe(text);
});

it('makes parameters of constants that pg_stat_statements left in place', () => {
  expect(redacted("SELECT a FROM t WHERE b = 'secret' AND c = $1")).toBe('SELECT a FROM t WHERE b = $2 AND c = $1');
  expect(redacted('SELECT a FROM t WHERE b = 4711')).toBe('SELECT a FROM t WHERE b = $1');
  expect(redacted('SELECT a FROM t ORDER BY b = 4711')).toBe('SELECT a FROM t ORDER BY b = $1');
  expect(redacted('SELECT a FROM t WHERE b = $$secret$$')).toBe('SELECT a FROM t WHERE b = $1');
});

it('takes comments out', () => {
  expect(redacted('SELECT a /* user secret */ FROM t -- secret\n WHERE b = $1')).toMatch(
    /^SELECT a\s+FROM t\s+WHERE b = \$1$/,
  );
});

it('leaves out what cannot be read', () => {
  expect(redacted("SELECT 'secret' FROM WHERE")).toBeUndefined();
  expect(redacted("SELECT 'secret")).toBeUndefined();
});
