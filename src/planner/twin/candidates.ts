import { messageOf, sqlStateOf } from '../../errors.js';
import type { Table } from '../../model/catalog.js';
import { type IndexSize, type IndexSpec, indexSpecKey } from '../../model/planner.js';
import type { Session } from '../../postgres/session.js';
import { createExtensionSql, createIndexSql } from '../../sql/index-definition.js';
import type { HypotheticalNames } from '../hypothetical-names.js';
import { BLOCK_BYTES, emptyBtree, raiseBtree } from './btree-metapage.js';
import { type CandidateRelation, readCandidateRelations } from './candidate-relations.js';
import type { CandidateSwitch, Switchable } from './candidate-switch.js';
import { MethodShapes } from './method-shapes.js';
import { nameKey } from './problems.js';
import type { RelationEstimates } from './relation-estimates.js';
import type { TwinDatabase } from './twin-database.js';

/** An index that exists in the twin, masked: planned with only where it is switched on. */
export interface Candidate extends IndexSize, Switchable {}

/** Indexes of one transaction: each costs some locks and a file. */
const BATCH_SIZE = 100;
const UNIQUE_VIOLATION = '23505';

/** Makes and keeps the hypothetical indexes of one twin database. */
export class Candidates {
  private readonly twin: TwinDatabase;
  private readonly session: Session;
  private readonly names: HypotheticalNames;
  private readonly estimates: RelationEstimates;
  private readonly switch: CandidateSwitch;
  private readonly shapes: MethodShapes;
  private readonly made = new Map<string, Candidate | Error>();
  private readonly tables: ReadonlyMap<string, Table>;

  constructor(
    twin: TwinDatabase,
    session: Session,
    parts: {
      readonly names: HypotheticalNames;
      readonly estimates: RelationEstimates;
      readonly switch: CandidateSwitch;
    },
  ) {
    this.twin = twin;
    this.session = session;
    this.names = parts.names;
    this.estimates = parts.estimates;
    this.switch = parts.switch;
    this.shapes = new MethodShapes(session, twin.files, twin.statistics);
    this.tables = new Map(twin.snapshot.catalog.tables.map((table) => [nameKey(table), table]));
  }

  /** Gives the candidates of these specs in their order, making those that are new; an Error where one cannot be made. */
  async ensure(specs: readonly IndexSpec[]): Promise<readonly (Candidate | Error)[]> {
    const missing = specs.filter((spec) => !this.made.has(indexSpecKey(spec)));
    // Estimates of rows look at the ends of indexes that are on.
    if (missing.length > 0) await this.switch.clear();
    for (const [table, ofTable] of groupByTable(missing)) {
      for (let from = 0; from < ofTable.length; from += BATCH_SIZE) {
        await this.makeBatch(table, ofTable.slice(from, from + BATCH_SIZE));
      }
    }
    return specs.map((spec) => this.made.get(indexSpecKey(spec)) ?? new Error('the index was not made'));
  }

  private async makeBatch(tableKey: string, specs: readonly IndexSpec[]): Promise<void> {
    const table = this.tables.get(tableKey);
    if (table === undefined || !this.twin.relations.has(tableKey)) {
      const reason = this.twin.problems.reasonOf(specs[0]?.table ?? { schema: '', name: tableKey });
      for (const spec of specs) this.refuse(spec, reason ?? `there is no table ${tableKey}`);
      return;
    }
    const [first] = specs;
    try {
      await this.make(table, specs, 'seeds');
    } catch (error) {
      await this.session.query('ROLLBACK');
      const state = sqlStateOf(error);
      if (state === null || first === undefined) throw error;
      if (specs.length > 1) for (const spec of specs) await this.makeBatch(tableKey, [spec]);
      else if (state === UNIQUE_VIOLATION) await this.makeOnEmpty(table, first);
      else this.refuse(first, messageOf(error));
    }
  }

  /** The two seed rows may share a key that is unique at the source. */
  private async makeOnEmpty(table: Table, spec: IndexSpec): Promise<void> {
    try {
      await this.make(table, [spec], 'empty');
    } catch (error) {
      await this.session.query('ROLLBACK');
      if (sqlStateOf(error) === null) throw error;
      this.refuse(spec, messageOf(error));
    }
  }

  private refuse(spec: IndexSpec, reason: string): void {
    this.made.set(indexSpecKey(spec), new Error(`${createIndexSql(spec)} cannot be planned with: ${reason}`));
  }

  private async make(table: Table, specs: readonly IndexSpec[], standIn: 'seeds' | 'empty'): Promise<void> {
    const relation = this.twin.relations.get(nameKey(table));
    if (relation === undefined) return;
    const { standIns } = this.twin;
    await this.prepare(table, specs);
    // What the keys of another method are worth, their own estimates tell.
    const rows = await this.estimates.rowsOf(
      specs.map((spec) => (spec.method === 'btree' ? spec : { ...spec, keys: [] })),
    );
    const create = specs.map((spec) => createIndexSql(spec, { name: this.names.nameOf(spec) })).join(';\n');
    await this.session.script(`BEGIN; ${standIns.swapSql(relation, standIn)}; ${create};
      ${standIns.swapBackSql(relation, table.storage)}`);
    const built = await readCandidateRelations(
      this.session,
      relation.oid,
      specs.map((spec) => this.names.nameOf(spec)),
    );
    const shaped = specs.flatMap((spec, place) => {
      const index = built.get(this.names.nameOf(spec));
      if (index === undefined) return [];
      const shape = spec.method === 'btree' ? this.shapeBtree.bind(this) : this.shapeOther.bind(this);
      return [{ spec, ...shape(spec, index, rows[place] ?? 0) }];
    });
    await this.session.script(`${maskSql(shaped)}; COMMIT`);
    for (const { spec, candidate } of shaped) this.made.set(indexSpecKey(spec), candidate);
  }

  private async prepare(table: Table, specs: readonly IndexSpec[]): Promise<void> {
    for (const spec of specs) {
      if (spec.extension !== undefined) await this.session.query(createExtensionSql(spec.extension));
      await this.shapes.learn(spec, table);
    }
  }

  /** Gives the new index's file the length and the height that a real build would. */
  private shapeBtree(spec: IndexSpec, index: CandidateRelation, rows: number): Shaped {
    const { sizer, files } = this.twin;
    const expressionEstimate = this.estimates.expressionEstimator(spec);
    const size = sizer.size({ ...spec, rows, equalImage: index.equalImage, expressionEstimate });
    if (size.blocks <= 1) {
      emptyBtree(files.absolute(index.path));
    } else {
      raiseBtree(files.absolute(index.path), size.height);
      files.grow(index.path, size.blocks);
    }
    const sizeBytes = size.blocks * BLOCK_BYTES;
    const { oid, tableOid } = index;
    return { candidate: { oid, tableOid, sizeBytes, rowsEstimate: rows }, fileNumber: null };
  }

  private shapeOther(spec: IndexSpec, { oid, tableOid, path }: CandidateRelation, rows: number): Shaped {
    const table = this.tables.get(nameKey(spec.table));
    if (table === undefined) throw new RangeError(`there is no table ${nameKey(spec.table)}`);
    const shape = this.shapes.shapeOf(spec, table, rows);
    const sizeBytes = shape.blocks * BLOCK_BYTES;
    return {
      candidate: { oid, tableOid, sizeBytes, rowsEstimate: rows },
      fileNumber: this.shapes.createFile(path, shape),
    };
  }
}

interface Shaped {
  readonly candidate: Candidate;
  /** Of the file that is to take the place of the one that was built, or null. */
  readonly fileNumber: number | null;
}

function maskSql(shaped: readonly Shaped[]): string {
  const counts = shaped.map(
    ({ candidate: { oid, sizeBytes, rowsEstimate }, fileNumber }) =>
      `(${oid}::oid, ${sizeBytes / BLOCK_BYTES}, ${rowsEstimate}, ${fileNumber ?? 'NULL'}::int8::oid)`,
  );
  const oids = shaped.map(({ candidate }) => candidate.oid).join(', ');
  return `
    UPDATE pg_catalog.pg_class c
       SET relpages = s.pages, reltuples = s.tuples, relfilenode = coalesce(s.file_number, c.relfilenode)
      FROM (VALUES ${counts.join(', ')}) AS s (oid, pages, tuples, file_number) WHERE c.oid = s.oid;
    UPDATE pg_catalog.pg_index SET indislive = false WHERE indexrelid IN (${oids})`;
}

function groupByTable(specs: readonly IndexSpec[]): ReadonlyMap<string, readonly IndexSpec[]> {
  const groups = new Map<string, IndexSpec[]>();
  for (const spec of specs) {
    const key = nameKey(spec.table);
    groups.set(key, [...(groups.get(key) ?? []), spec]);
  }
  return groups;
}
