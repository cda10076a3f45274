import { expect, it } from 'vitest';
import type { Collected } from '../../src/advise/collect.js';
import { unjudged } from '../../src/advise/unjudged.js';
import type { Table } from '../../src/model/catalog.js';
import { catalogOf } from '../catalog.js';

function collected(storage: Partial<Table['storage']>, changes: Partial<Table> = {}): Collected {
  const whole = { blocks: 10, pages: 0, tuples: -1, allVisiblePages: 0, ...storage };
  const catalog = catalogOf({ orders: ['id integer'] }, { storage: whole, ...changes });
  const statistics = { columns: [], extended: [], typeNames: [], unreadable: [] };
  const statements = [{ text: 'SELECT * FROM orders WHERE id = 1' }];
  return {
    snapshot: { catalog, statistics },
    workload: { sources: [], statements, skipped: [] },
    role: 'me',
  } as unknown as Collected;
}

it('says which tables of the workload were never analyzed', () => {
  expect(unjudged(collected({}), 'twin', [])).toEqual([
    {
      ruleId: 'missing-index',
      reason:
        "no ANALYZE has ever looked at public.orders, so that statements there were planned with the planner's defaults: ANALYZE public.orders",
    },
  ]);
});

it('says so of a partitioned table too, which has no pages', () => {
  expect(unjudged(collected({ blocks: 0 }, { kind: 'partitioned table' }), 'twin', [])).toHaveLength(1);
});

it('says nothing of an analyzed table, nor of one that has never had a row', () => {
  expect(unjudged(collected({ tuples: 5 }), 'twin', [])).toEqual([]);
  expect(unjudged(collected({ blocks: 0 }), 'twin', [])).toEqual([]);
});
