import { describe, expect, it } from 'vitest';
import { withDriftCheck } from '../../src/migrate/drift-gate.js';
import type { Difference, DriftReport } from '../../src/model/drift.js';
import type { MigrationStatusReport } from '../../src/model/migration.js';

const APPLIED = {
  version: '1',
  name: 'a',
  status: 'applied',
  wayOut: null,
  appliedAt: '2026-01-01T00:00:00Z',
} as const;
const OPEN: MigrationStatusReport = { files: [APPLIED], gate: { open: true, reasons: [] }, warnings: [] };

function difference(fields: Partial<Difference>): Difference {
  return {
    ...{ kind: 'changed', objectType: 'column', object: 'public.t.a', attribute: 'type' },
    ...{ expected: 'integer', actual: 'bigint', severity: 'error' },
    ...fields,
  };
}

const found =
  (...differences: readonly Difference[]) =>
  async (): Promise<DriftReport> => ({
    ...{ differences, allowed: [], pending: [], files: 1, replayedOn: '18.4', warnings: [] },
  });

describe('the gate with a look at the schema', () => {
  it('stays open where nothing differs, and where only notes do', async () => {
    expect(await withDriftCheck(OPEN, found())).toEqual(OPEN);
    expect(await withDriftCheck(OPEN, found(difference({ severity: 'info' })))).toEqual(OPEN);
  });

  it('closes by the name of each difference, behind what closes it anyway', async () => {
    const closed = { ...OPEN, gate: { open: false, reasons: ['2_b is not applied'] } };
    const differences = found(
      difference({}),
      difference({ kind: 'missing', objectType: 'index', object: 'public.i' }),
      difference({ kind: 'unexpected', objectType: 'table', object: 'public.u' }),
    );
    expect((await withDriftCheck(closed, differences)).gate).toEqual({
      open: false,
      reasons: [
        '2_b is not applied',
        'column public.t.a has another type than the migrations give it',
        'index public.i should be there by the migrations, and is not',
        'table public.u is in no migration',
      ],
    });
  });

  it('counts what comes behind ten', async () => {
    const { gate } = await withDriftCheck(OPEN, found(...Array.from({ length: 12 }, () => difference({}))));
    expect(gate.reasons).toHaveLength(11);
    expect(gate.reasons.at(-1)).toBe('2 more differences, which pgsteward migrate drift prints');
  });

  it('says why nothing was compared', async () => {
    const missing = { ...OPEN, files: [APPLIED, { ...APPLIED, version: '2', status: 'missing' as const }] };
    const none = { ...OPEN, files: [{ ...APPLIED, status: 'pending' as const, appliedAt: null }] };
    const never = () => Promise.reject(new Error('it was compared'));
    expect((await withDriftCheck(missing, never)).warnings).toEqual([
      'the schema was not compared: the file of 2_a is missing',
    ]);
    expect((await withDriftCheck(none, never)).warnings).toEqual(['the schema was not compared: nothing is applied']);
  });
});
