import { seeded } from '../lineage/traffic.js';

/** Makes statements of all the ways in which constants, comments and space are written. */
export function statementMaker(seed: number): () => string {
  const pick = seeded(seed);
  const any = <Value>(values: readonly Value[]): Value => values[pick(values.length)] as Value;
  const repeat = <Value>(most: number, make: () => Value): readonly Value[] =>
    Array.from({ length: 1 + pick(most) }, make);

  const name = () => any(['orders', 'o', '"Order Lines"', 'public.users', 'größe', 'x1', 'a$b']);
  const constant = (): string =>
    any([
      () => String(pick(100_000)),
      () => `${pick(100)}.${pick(100)}`,
      () => `${pick(9)}e-${pick(5)}`,
      () => `'it''s ${pick(1000)} -- no comment'`,
      () => `E'a\\'${pick(9)}'`,
      () => `'C:\\${pick(9)}\\'`,
      () => `$q$ '${pick(9)} $1 $q$`,
      () => `'${pick(9)}'::text`,
      () => `-${pick(50)}`,
      () => `interval '${pick(9)} days'`,
      () => `0x${pick(200).toString(16)}`,
      () => `U&'\\00${10 + pick(80)}'`,
      () => 'NULL',
      () => 'true',
      () => `$${1 + pick(3)}`,
    ])();
  const space = () => any([' ', '  ', '\n', ' /* 1 */ ', ' -- 2\n', '\t']);
  const operator = () => any(['=', '<>', '<=', '->>', '+', '-', '||', '@>', '~~']);
  const condition = (): string =>
    any([
      () => `${name()}.c ${operator()} ${constant()}`,
      () => `c IN (${repeat(4, constant).join(', ')})`,
      () => `c BETWEEN ${constant()} AND ${constant()}`,
      () => `c${operator()}${constant()}`,
      () => `EXISTS (SELECT 1 FROM ${name()} WHERE d = ${constant()})`,
    ])();
  const where = () => `WHERE${space()}${repeat(3, condition).join(' AND ')}`;
  const statement = (): string =>
    any([
      () =>
        `SELECT${space()}a, ${constant()} FROM ${name()}${space()}${where()} ORDER BY ${1 + pick(2)} LIMIT ${pick(99)}`,
      () => `SELECT count(*) FROM ${name()} AS t ${where()} GROUP BY b HAVING count(*) > ${pick(9)}`,
      () => `UPDATE ${name()} SET a = ${constant()}${space()}${where()}`,
      () => `DELETE FROM ${name()} ${where()}`,
      () => `INSERT INTO ${name()} (a, b) VALUES (${constant()}, ${constant()})`,
    ])();
  return statement;
}
