import { expect, it } from 'vitest';
import { deleteMap } from '../../src/advise/delete-map.js';
import type { AnalyzedStatement } from '../../src/advisors/advisor.js';
import type { Constraint, ReferentialAction, Table } from '../../src/model/catalog.js';
import { catalogOf } from '../catalog.js';

const key = (table: string, columns: readonly string[], onDelete: ReferentialAction): Constraint => ({
  ...{ name: `${columns.join('_')}_fkey`, kind: 'foreign key', columns, definition: '', validated: true },
  references: { table: { schema: 'public', name: table }, columns: ['id'], onDelete, onUpdate: 'no action' },
});

const deleting = (table: Table, name: string | null): AnalyzedStatement =>
  ({
    statement: { name, fingerprint: 'f1' },
    analysis: { writes: [{ kind: 'delete', table, columns: [] }] },
  }) as unknown as AnalyzedStatement;

it('tells of each table that is led to who deletes from it, and what becomes of the rows that lead there', () => {
  const made = catalogOf({ users: ['id int'], orders: ['user int', 'by int'], notes: ['user int'] });
  const [users, orders, notes] = made.tables;
  if (users === undefined || orders === undefined || notes === undefined) throw new RangeError('tables are missing');
  const catalog = {
    ...made,
    tables: [
      { ...users, counters: { ...users.counters, rowsDeleted: 7 } },
      { ...orders, constraints: [key('users', ['user'], 'cascade'), key('users', ['by'], 'set null')] },
      { ...notes, constraints: [key('users', ['user'], 'no action')] },
    ],
  };
  const statements = [deleting(users, 'close-account'), deleting(users, null), deleting(notes, 'forget')];
  expect(deleteMap(catalog, statements)).toEqual([
    {
      table: 'public.users',
      rowsDeleted: 7,
      deletedBy: ['close-account', 'f1'],
      followers: [
        { table: 'public.orders', columns: ['user'], onDelete: 'cascade' },
        { table: 'public.orders', columns: ['by'], onDelete: 'set null' },
        { table: 'public.notes', columns: ['user'], onDelete: 'no action' },
      ],
    },
  ]);
});
