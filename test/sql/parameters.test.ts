import { describe, expect, it } from 'vitest';
import { bindParameters, parameterCount } from '../../src/sql/parameters.js';

describe('parameterCount', () => {
  it('gives the highest number and passes by constants and comments', () => {
    expect(parameterCount('select $2, \'$5\', $$ $6 $$, "$7" /* $8 */ -- $9')).toBe(2);
    expect(parameterCount('select 1')).toBe(0);
  });
});

describe('bindParameters', () => {
  it('puts typed constants in the place of parameters', () => {
    expect(bindParameters("select $1, '$1', $2 -- $1\n, $1", ['integer', 'text'], [5, "it's"])).toBe(
      "select '5'::integer, '$1', 'it''s'::text -- $1\n, '5'::integer",
    );
  });

  it('writes null, dates, bytes, arrays and JSON as PostgreSQL reads them', () => {
    const types = ['uuid', 'timestamp with time zone', 'bytea', 'text[]', 'jsonb', 'jsonb', 'boolean'];
    const values = [null, new Date(0), Buffer.from('ab'), ['a', null, 'b"c'], { a: [1] }, [1, 'x'], true];
    expect(bindParameters('$1,$2,$3,$4,$5,$6,$7', types, values)).toMatchInlineSnapshot(
      `"NULL::uuid,'1970-01-01T00:00:00.000Z'::timestamp with time zone, E'\\\\x6162'::bytea, E'{"a",NULL,"b\\\\"c"}'::text[],'{"a":[1]}'::jsonb,'[1,"x"]'::jsonb,'true'::boolean"`,
    );
  });

  it('encloses a constant whose element or field is taken', () => {
    expect(bindParameters('select $1[1]', ['integer[]'], [[1]])).toBe(`select ('{"1"}'::integer[])[1]`);
  });

  it('does not cut character and bit to a length of one', () => {
    expect(bindParameters('$1,$2,$3', ['character', 'bit', 'character varying'], ['ab', '11', 'ab'])).toBe(
      `'ab'::pg_catalog.bpchar,'11'::pg_catalog."bit",'ab'::character varying`,
    );
  });

  it('places parameters right behind characters outside ASCII', () => {
    expect(bindParameters("select 'é😀', $1", ['integer'], [1])).toBe("select 'é😀', '1'::integer");
  });

  it('refuses a parameter without a value', () => {
    expect(() => bindParameters('select $2', ['text', 'text'], ['x'])).toThrow('there is no value for $2');
  });
});
