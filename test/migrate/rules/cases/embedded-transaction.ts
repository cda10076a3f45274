import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'BEGIN and COMMIT',
    sql: 'BEGIN;\nCREATE TABLE n (id int);\nCOMMIT;',
    finds: ['embedded-transaction:1'],
    message:
      'BEGIN would end or split the transaction that keeps file and ledger equal. Leave it out: each file runs in a transaction of its own. Statements that cannot do so go into a file with the line "-- pgsteward: no-transaction".',
  },
  { name: 'COMMIT alone', sql: 'CREATE TABLE n (id int);\nCOMMIT;', finds: ['embedded-transaction:2'] },
  { name: 'ROLLBACK', sql: 'ROLLBACK;', finds: ['embedded-transaction:1'] },
  { name: 'silent: savepoints', sql: 'SAVEPOINT a;\nCREATE TABLE n (id int);\nRELEASE SAVEPOINT a;', finds: [] },
  { name: 'silent: BEGIN of a block', sql: 'DO $$ BEGIN PERFORM 1; END $$;', finds: [] },
  { name: 'silent: words in comments and texts', sql: "-- BEGIN; COMMIT;\nSELECT 'COMMIT;';", finds: [] },
];
