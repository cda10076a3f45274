import { describe, expect, it } from 'vitest';
import { refuseCondition } from '../../src/sql/condition.js';

describe('a condition', () => {
  it.each([
    'expires_at < now()',
    'state = \'done; drop\' AND "we;ird" IS NULL',
    'id IN (SELECT id FROM dead)',
    'a -- why',
    'true /* b */',
  ])('is taken where it is one expression: %s', (text) => {
    expect(refuseCondition(text)).toBeNull();
  });

  it.each([
    'true) OR (true',
    'true; DROP TABLE t',
    'true;',
    'a, b',
    'a b',
    '*',
    'DISTINCT a',
    'ALL a',
    'true FROM t',
    'true UNION SELECT false',
    'true LIMIT 1',
    '',
    'a = $1',
    'a = ',
    'a /* open',
    "a = 'open",
    'true INTO t',
    'true\0',
  ])('is refused where it is not: %j', (text) => {
    expect(refuseCondition(text)).not.toBeNull();
  });
});
