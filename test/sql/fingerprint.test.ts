import { describe, expect, it } from 'vitest';
import { fingerprint, normalise } from '../../src/sql/fingerprint.js';
import { ParseFailure } from '../../src/sql/parse-failure.js';

describe('fingerprint', () => {
  it('is equal for statements that differ in constants, parameters, layout and length of IN lists', () => {
    const one = fingerprint("select * from t where a in (1, 2) and b = 'x' limit 5");
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprint('SELECT *\nFROM t WHERE a IN ($1 /*, ... */) AND b = $2 -- c\nLIMIT $3')).toBe(one);
    expect(fingerprint('select * from t where a in (1, 2) and c = 1 limit 5')).not.toBe(one);
  });

  it('tells tables apart whose names differ in digits alone', () => {
    const one = fingerprint('SELECT * FROM events_2026_01 e JOIN t USING (a) WHERE e.b = 1');
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprint('select * from events_2026_01 e join t using (a) where e.b = $1')).toBe(one);
    expect(fingerprint('SELECT * FROM events_2026_02 e JOIN t USING (a) WHERE e.b = 1')).not.toBe(one);
    expect(fingerprint("SELECT 'x1' FROM t WHERE a = 'b2'")).toBe(fingerprint("SELECT 'y' FROM t WHERE a = 'z'"));
  });

  it('throws where the text is not SQL, unterminated quotes included', () => {
    expect(() => fingerprint("select 'x")).toThrow('unterminated quoted string');
    expect(() => fingerprint('selec 1')).toThrow('syntax error');
    expect(() => fingerprint('é SELECT 1 FROM t')).toThrow(ParseFailure);
  });
});

describe('normalise', () => {
  it('numbers constants behind the parameters that are already there', () => {
    expect(normalise("select 'x', $2 from t where a in (1, 2)")).toBe('select $3, $2 from t where a in ($4, $5)');
  });

  it('throws where the text is not SQL', () => {
    expect(() => normalise("select 'x")).toThrow('unterminated quoted string');
  });
});
