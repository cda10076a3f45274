import { expect, it } from 'vitest';
import { SharedTransactions } from '../../../src/workload/lineage/shared-transactions.js';

it('takes a transaction for one where a session ran two statements in it, one after the other', () => {
  const transactions = new SharedTransactions();
  const statements = [
    { session: 'a', transaction: '1/1' },
    { session: 'b', transaction: '1/1' },
    { session: 'a', transaction: '1/2' },
    { session: 'b', transaction: null },
    { session: 'b', transaction: '7' },
    { session: 'b', transaction: '7' },
  ];
  for (const each of statements) transactions.add(each);
  expect(statements.map((each) => transactions.bound(each).transaction)).toEqual([null, null, null, null, '7', '7']);
});
