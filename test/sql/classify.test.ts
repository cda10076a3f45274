import { describe, expect, it } from 'vitest';
import { statementKind, statementRelations } from '../../src/sql/classify.js';
import { parseStatement } from '../../src/sql/parse.js';

function relationsOf(text: string) {
  const { reads, writes } = statementRelations(parseStatement(text).tree);
  const word = ({ schema, name }: { schema: string | null; name: string }) =>
    schema === null ? name : `${schema}.${name}`;
  return { reads: reads.map(word), writes: writes.map(word) };
}

describe('statementKind', () => {
  it.each([
    ['select 1', 'select'],
    ['values (1)', 'select'],
    ['with x as (delete from t returning 1) select * from x', 'select'],
    ['select 1 into t', 'utility'],
    ['insert into t values (1)', 'insert'],
    ['update t set a = 1', 'update'],
    ['delete from t', 'delete'],
    ['merge into t using u on t.a = u.a when matched then delete', 'merge'],
    ['begin', 'utility'],
    ['explain select 1', 'utility'],
    ['create table t (a int)', 'utility'],
  ])('calls %s a %s', (text, kind) => {
    expect(statementKind(parseStatement(text).tree)).toBe(kind);
  });
});

describe('statementRelations', () => {
  it('tells what is read from what is written', () => {
    expect(relationsOf('insert into s.t select * from u where exists (select 1 from t)')).toEqual({
      reads: ['u', 't'],
      writes: ['s.t'],
    });
    expect(relationsOf('update t set a = (select max(b) from u) from v where v.a = t.a')).toEqual({
      reads: ['u', 'v'],
      writes: ['t'],
    });
    expect(relationsOf('merge into t using u on t.a = u.a when matched then delete')).toEqual({
      reads: ['u'],
      writes: ['t'],
    });
  });

  it('names each relation once and no alias of FOR UPDATE OF', () => {
    expect(relationsOf('select * from t a join t b on a.x = b.x for update of a')).toEqual({
      reads: ['t'],
      writes: [],
    });
  });

  it('leaves out WITH queries, but not a table that one of them hides', () => {
    expect(relationsOf('with t as (select * from t where a = 1) select * from t join public.t using (a)')).toEqual({
      reads: ['t', 'public.t'],
      writes: [],
    });
    expect(relationsOf('with recursive r as (select * from r) select * from r')).toEqual({ reads: [], writes: [] });
    expect(relationsOf('with a as (select * from b), b as (select * from a) select * from b')).toEqual({
      reads: ['b'],
      writes: [],
    });
    expect(relationsOf('with q as (update t set a = 1 returning *) insert into u select * from q')).toEqual({
      reads: [],
      writes: ['t', 'u'],
    });
  });

  it('knows a WITH query inside subqueries, but not outside its statement', () => {
    expect(
      relationsOf('with c as (select 1) select (select 1 from c), (with d as (select 2) select * from d) from d'),
    ).toEqual({ reads: ['d'], writes: [] });
  });
});
