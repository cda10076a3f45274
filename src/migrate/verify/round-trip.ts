import type { Difference, ObservedSchema } from '../../model/drift.js';
import type { Migration, MigrationFailure, MigrationFolder } from '../../model/migration.js';
import { MigrateFailed } from '../failure.js';
import { compareSchemas } from '../schema/compare.js';
import type { ScratchReplay } from '../scratch-replay.js';

/** How a migration went up, down and up again. */
export interface RoundTrip {
  readonly migration: Migration;
  /** Which step ended it, and how; null where none did. */
  readonly failed: { readonly step: RoundTripStep; readonly failure: MigrationFailure } | null;
  /** The schema after the down file against the one before the up file. */
  readonly notRestored: readonly Difference[];
  /** The schema after the second up against the one after the first. */
  readonly notRepeated: readonly Difference[];
}

export type RoundTripStep = 'up' | 'down' | 'up again';

/** Takes every migration that has a way back up, down and up again, each on what those before it have made. */
export async function* roundTrips(replay: ScratchReplay, folder: MigrationFolder): AsyncGenerator<RoundTrip> {
  const applied: Migration[] = [];
  let before: ObservedSchema | null = null;
  for (const migration of numbered(folder.migrations)) {
    const state: State = { before, after: null };
    const trip = await goRound(replay, { folder, applied, migration }, state);
    if (trip.failed?.step !== 'up') applied.push(migration);
    if (trip.failed !== null || trip.notRepeated.length > 0) await rebuild(replay, { ...folder, migrations: applied });
    before = state.after;
    yield { ...trip, migration: folder.migrations[Number(migration.version)] ?? migration };
  }
}

interface Turn {
  readonly folder: MigrationFolder;
  readonly applied: readonly Migration[];
  readonly migration: Migration;
}

/** Null for a schema that nobody had to look at. */
interface State {
  readonly before: ObservedSchema | null;
  after: ObservedSchema | null;
}

async function goRound(replay: ScratchReplay, turn: Turn, state: State): Promise<RoundTrip> {
  const { migration } = turn;
  const folder = { ...turn.folder, migrations: [...turn.applied, migration] };
  const trip = { migration, failed: null, notRestored: [], notRepeated: [] };
  const goesBack = migration.down !== null && migration.irreversible === null;
  const before = goesBack ? (state.before ?? (await replay.observe())) : null;
  const up = await failureOf(replay.up(folder));
  if (up !== null) return { ...trip, failed: { step: 'up', failure: up } };
  if (before === null) return trip;
  const after = await replay.observe();
  state.after = after;
  const down = await failureOf(replay.downOne(folder));
  if (down !== null) return { ...trip, failed: { step: 'down', failure: down } };
  const notRestored = seriousOf(compareSchemas(before, await replay.observe()));
  const again = await failureOf(replay.up(folder));
  if (again !== null) return { ...trip, notRestored, failed: { step: 'up again', failure: again } };
  return { ...trip, notRestored, notRepeated: seriousOf(compareSchemas(after, await replay.observe())) };
}

/** Two files may claim one version, which no ledger takes: on the private server the place in the order is the version. */
function numbered(migrations: readonly Migration[]): readonly Migration[] {
  return migrations.map((migration, place) => ({ ...migration, version: String(place).padStart(6, '0') }));
}

async function failureOf(work: Promise<void>): Promise<MigrationFailure | null> {
  try {
    await work;
    return null;
  } catch (error) {
    const failure = error instanceof MigrateFailed ? error.result.failure : null;
    if (failure === null) throw error;
    return failure;
  }
}

async function rebuild(replay: ScratchReplay, folder: MigrationFolder): Promise<void> {
  await replay.renew();
  if (folder.migrations.length > 0) await replay.up(folder);
}

/** A column that was dropped comes back behind the others: no down file can help that. */
function seriousOf(differences: readonly Difference[]): readonly Difference[] {
  return differences.filter(({ severity }) => severity === 'error');
}
