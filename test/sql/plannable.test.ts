import { describe, expect, it } from 'vitest';
import { rewriteForPlanning } from '../../src/sql/plannable.js';

describe('rewriteForPlanning', () => {
  it.each([
    ['select interval $1 day, -date $2', 'select $1::interval day, -$2::date'],
    ['select timestamp (3) with time zone $1', 'select $1::timestamp (3) with time zone'],
    ['select cast($1 as date), $2::date', 'select cast($1 as date), $2::date'],
    ["select 'é', extract($1 from x)", `select 'é', pg_catalog."extract"($1::text , x)`],
    ['select * from t where a in ($1 /*, ... */)', 'select * from t where a in ($1 /*, ... */)'],
    ['select * from t where a = any (array[$1, $2])', 'select * from t where a IN ($1, $2)'],
    ['select * from t where a <> ALL(ARRAY[$1])', 'select * from t where a NOT IN ($1)'],
    ['select * from t where a = any (array[$1, b])', 'select * from t where a = any (array[$1, b])'],
    ['select normalize(a, $1), b is $2 normalized', 'select normalize(a, nfc), b is nfc normalized'],
    ['select sum(case when a then $1 else $2 end)', 'select sum(case when a then $1::integer else $2::integer end)'],
    ['select count($1) from t', 'select count($1::integer) from t'],
    ["select $1 /* $2 */, '$3'", "select $1 /* $2 */, '$3'"],
  ])('turns %s into %s', (source, text) => {
    expect(rewriteForPlanning(source).text).toBe(text);
  });

  it('gives one number to what is selected, grouped and sorted by, and says where numbers came from', () => {
    const source = `select date_trunc($1, a), extract($2 from a), extract($3 from a), count(*) from t
      where b = $4 group by date_trunc($5, a), extract($6 from a), extract($7 from a) order by date_trunc($8, a)`;
    const { text, origins } = rewriteForPlanning(source);
    expect(text.replace(/\s+/g, ' ')).toBe(
      'select date_trunc($2, a), pg_catalog."extract"($3::text , a), pg_catalog."extract"($4::text , a), count(*) ' +
        'from t where b = $1 group by date_trunc($2, a), pg_catalog."extract"($3::text , a), ' +
        'pg_catalog."extract"($4::text , a) order by date_trunc($2, a)',
    );
    expect(origins).toEqual([4, 5, 6, 7]);
  });

  it('puts a constant back where it still stands in GROUP BY, ORDER BY or HAVING', () => {
    const source = `select extract($1 from a) + $2, interval $3, b > $4 from t where c = $5
      group by extract(year from a) + -1, interval '1 day' having extract($6 from a) + $7 > $8`;
    const { text, origins } = rewriteForPlanning(source);
    expect(text.replace(/\s+/g, ' ')).toBe(
      "select extract(year from a) + -1, interval '1 day', b > $1 from t where c = $2 " +
        "group by extract(year from a) + -1, interval '1 day' having extract(year from a) + -1 > $3",
    );
    expect(origins).toEqual([4, 5, 8]);
  });

  it('closes gaps in the numbers', () => {
    expect(rewriteForPlanning('select * from t where a = $3 and b = $5 or a = $3')).toEqual({
      text: 'select * from t where a = $1 and b = $2 or a = $1',
      origins: [3, 5],
    });
  });

  it('leaves the rest of a statement with a comment before it and a semicolon behind it', () => {
    expect(rewriteForPlanning('-- é\nselect interval $1;').text).toBe('select $1::interval');
  });

  it('refuses what is not one statement', () => {
    expect(() => rewriteForPlanning('selec 1')).toThrow('syntax error');
    expect(() => rewriteForPlanning('select 1; select 2')).toThrow('more than one');
  });
});
