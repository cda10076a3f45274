import { expect, it } from 'vitest';
import { fingerprint } from '../../../src/sql/fingerprint.js';
import { shapeOf } from '../../../src/workload/log/statement-shape.js';
import { seeded } from '../lineage/traffic.js';

const STATEMENTS = 10_000;
const SEED = 5;
const pick = seeded(SEED);
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

it(`groups ${STATEMENTS} statements so that none with another fingerprint is among them (seed ${SEED})`, () => {
  const byShape = new Map<string, { readonly text: string; readonly fingerprint: string }>();
  const wrong: string[] = [];
  for (let count = 0; count < STATEMENTS; count++) {
    const text = statement();
    const [shape, print] = [shapeOf(text), fingerprint(text)];
    const known = byShape.get(shape);
    if (known === undefined) byShape.set(shape, { text, fingerprint: print });
    else if (known.fingerprint !== print) wrong.push(`${known.text}\n${text}`);
  }
  expect(wrong).toEqual([]);
  expect(byShape.size).toBeLessThan(STATEMENTS * 0.9);
});
