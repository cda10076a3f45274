import { beforeAll, describe, expect, it } from 'vitest';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { testDatabase } from '../../postgres.js';
import { type DoorReport, type OtherText, throughEveryDoor } from './every-door.js';
import { TRAP_CASES, TRAP_SCHEMA } from './trap-cases.js';

let reports: ReadonlyMap<string, DoorReport>;

beforeAll(async () => {
  const { session } = await testDatabase();
  await session.script(TRAP_SCHEMA);
  const snapshot = await readSnapshot(session);
  reports = new Map(TRAP_CASES.map(({ sql }) => [sql, throughEveryDoor(sql, { ...snapshot, major: 15 })]));
}, 180_000);

/** The campaign benchmarks/fuzz.ts compares the forms of all cases, and of many like them, on generated databases. */
describe('what no generated database can show', () => {
  it.each(TRAP_CASES)('is not written, for $name', ({ sql, never }) => {
    const { crashes, rewrites = [] } = reports.get(sql) ?? {};
    expect(crashes).toEqual([]);
    const isWrong = ({ form, sql: text }: OtherText) =>
      never !== undefined && (form === never || text.replaceAll(/\s+/g, ' ').includes(never));
    const wrong = rewrites.filter(isWrong);
    expect(wrong).toEqual([]);
  });

  it('does not keep others from being written', () => {
    const forms = new Set([...reports.values()].flatMap(({ rewrites }) => rewrites.map(({ form }) => form)));
    const expected = [
      'either-key',
      'either-side',
      'exists-form',
      'one-scan',
      'rows-of-parents',
      'sargable',
      'selected-groups',
    ];
    expect([...forms]).toEqual(expect.arrayContaining(expected));
  });
});
