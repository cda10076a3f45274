import type { Catalog, Column, Index, RelationName, Table } from '../../model/catalog.js';
import { quoteIdentifier, quoteLiteral, quoteRelation } from '../../sql/quote.js';
import type { DefinitionStep } from './definition-steps.js';
import { nameKey, type Problems } from './problems.js';

/** Steps for all that tables are made of: schemas, extensions, enum types, sequences. */
export function foundationSteps(catalog: Catalog): readonly DefinitionStep[] {
  const schemas = catalog.schemas.map((schema) => ({
    sql: `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`,
    object: `schema ${schema}`,
    spoils: [],
  }));
  const extensions = catalog.extensions.flatMap(({ name, schema }) => extensionSteps(name, schema));
  const enums = catalog.enums.map((type) => ({
    sql: `CREATE TYPE ${quoteRelation(type)} AS ENUM (${type.labels.map(({ label }) => quoteLiteral(label)).join(', ')})`,
    object: `type ${nameKey(type)}`,
    spoils: [],
  }));
  const sequences = (catalog.sequences ?? []).map((sequence) => ({
    sql: `CREATE SEQUENCE ${quoteRelation(sequence)}`,
    object: `sequence ${nameKey(sequence)}`,
    spoils: [],
  }));
  return [...schemas, ...extensions, ...enums, ...sequences];
}

/** An extension that is missing here is no problem of its own: what needs it says so. */
function extensionSteps(name: string, schema: string): readonly DefinitionStep[] {
  if (name === 'plpgsql') return [];
  const into = schema === 'pg_catalog' ? '' : ` SCHEMA ${quoteIdentifier(schema)}`;
  const create = `CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(name)}${into} CASCADE`;
  return [
    { sql: `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`, object: `schema ${schema}`, spoils: [] },
    { sql: create, object: `extension ${name}`, spoils: [] },
  ].slice(schema === 'pg_catalog' ? 1 : 0);
}

/** Steps for the tables alone: columns at their very positions, dropped ones too, no constraint but NOT NULL. */
export function tableSteps(tables: readonly Table[]): readonly DefinitionStep[] {
  return tables.map((table) => ({
    sql: [createTable(table), ...table.columns.filter(({ dropped }) => dropped).map(dropColumn(table))].join(';\n'),
    object: `table ${nameKey(table)}`,
    spoils: [table],
  }));
}

function createTable(table: Table): string {
  const columns = table.columns.map(columnSql).join(', ');
  const options = ['autovacuum_enabled=off', ...table.options.filter((option) => PLANNED_OPTIONS.test(option))];
  return `CREATE TABLE ${quoteRelation(table)} (${columns}) WITH (${options.join(', ')})`;
}

/** Storage parameters that the planner reads. */
const PLANNED_OPTIONS = /^(fillfactor|parallel_workers)=/;

function columnSql(column: Column): string {
  if (column.dropped) return `${quoteIdentifier(placeholder(column))} int`;
  const words = [quoteIdentifier(column.name), column.type];
  if (column.collation !== null) words.push(`COLLATE ${column.collation}`);
  // A stored generated column is planned like any other, and takes seed values only when it is one.
  if (column.generated === 'virtual') words.push(`GENERATED ALWAYS AS (${column.default ?? 'NULL'}) VIRTUAL`);
  if (column.notNull) words.push('NOT NULL');
  return words.join(' ');
}

function dropColumn(table: Table): (column: Column) => string {
  return (column) => `ALTER TABLE ${quoteRelation(table)} DROP COLUMN ${quoteIdentifier(placeholder(column))}`;
}

function placeholder(column: Column): string {
  return `dropped_${column.position}`;
}

/**
 * Steps for indexes and the constraints that stand on them, each table's in the order of their OIDs: the planner
 * takes the first of several that cost the same.
 */
export function indexSteps(
  tables: readonly Table[],
  onDuplicates: (table: Table, index: Index, sql: string) => Promise<void>,
): readonly DefinitionStep[] {
  return tables.flatMap((table) =>
    table.indexes
      .filter(({ valid }) => valid)
      .map((index) => {
        const sql = indexSql(table, index);
        const object = `index ${nameKey(index)}`;
        return { sql, object, spoils: [table], onDuplicates: () => onDuplicates(table, index, sql) };
      }),
  );
}

function indexSql(table: Table, index: Index): string {
  const constraint = table.constraints.find(({ name }) => name === index.constraint);
  return constraint === undefined ? index.definition : addConstraint(table, constraint);
}

function addConstraint(
  table: RelationName,
  constraint: { readonly name: string; readonly definition: string },
): string {
  const name = quoteIdentifier(constraint.name);
  return `ALTER TABLE ${quoteRelation(table)} ADD CONSTRAINT ${name} ${constraint.definition}`;
}

/** Steps for foreign keys, CHECKs, extended statistics and defaults: after the indexes that foreign keys refer to. */
export function constraintSteps(catalog: Catalog, problems: Problems): readonly DefinitionStep[] {
  const stands = new Set(catalog.tables.filter((table) => problems.reasonOf(table) === null).map(nameKey));
  const checks = catalog.tables.flatMap((table) =>
    table.constraints
      .filter(({ kind }) => kind === 'check' || kind === 'foreign key')
      .map((constraint) => ({
        sql: notValid(addConstraint(table, constraint)),
        object: `constraint ${constraint.name} of ${nameKey(table)}`,
        // Sizes of joins with the referenced table come from it; a CHECK plays no part in an ordinary table's plan.
        spoils: constraint.references !== null && stands.has(nameKey(constraint.references.table)) ? [table] : [],
      })),
  );
  const statistics = catalog.statisticsObjects.map((object) => ({
    sql: object.definition,
    object: `statistics object ${nameKey(object)}`,
    spoils: [object.table],
  }));
  return [...checks, ...statistics, ...catalog.tables.flatMap(defaultSteps)];
}

function notValid(sql: string): string {
  return /\bNOT VALID$|\bNOT ENFORCED$/.test(sql) ? sql : `${sql} NOT VALID`;
}

/** Defaults matter to INSERT alone, by a fraction of a cost unit: one that cannot be set spoils nothing. */
function defaultSteps(table: Table): readonly DefinitionStep[] {
  return table.columns
    .filter((column) => column.default !== null && column.generated === null && !column.dropped)
    .map((column) => ({
      sql: `ALTER TABLE ${quoteRelation(table)} ALTER COLUMN ${quoteIdentifier(column.name)} SET DEFAULT ${column.default}`,
      object: `default of ${nameKey(table)}.${column.name}`,
      spoils: [],
    }));
}
