import type { Catalog, Column, Constraint, Index, Table } from '../../model/catalog.js';
import type { RelationName } from '../../model/relation-name.js';
import type { SchemaObject } from '../../model/schema-object.js';
import { quoteIdentifier, quoteLiteral, quoteRelation } from '../../sql/quote.js';
import type { DefinitionStep } from './definition-steps.js';
import { nameKey, type Problems } from './problems.js';

/** Steps for what needs nothing else: schemas, extensions, enum types, sequences. */
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

/**
 * Steps for tables, views, types and functions, which may need each other. Tables are made alone: columns at their
 * very positions, dropped ones too, no constraint but NOT NULL, no parent.
 */
export function objectSteps(catalog: Catalog): readonly DefinitionStep[] {
  const tables = catalog.tables.map((table) => ({ oid: table.oid, step: tableStep(table) }));
  const objects = (catalog.objects ?? [])
    .filter(({ kind }) => kind !== 'rule')
    .map((object) => ({ oid: object.oid, step: objectStep(object) }));
  return [...tables, ...objects].sort((a, b) => a.oid - b.oid).flatMap(({ step }) => step ?? []);
}

function tableStep(table: Table): DefinitionStep {
  const dropped = table.columns.filter((column) => column.dropped).map(dropColumn(table));
  const make = (defaults: 'defaults' | 'no defaults') => [createTable(table, defaults), ...dropped].join(';\n');
  return {
    sql: make('defaults'),
    object: `table ${nameKey(table)}`,
    spoils: [table],
    // Defaults matter to INSERT alone, by a fraction of a cost unit a row.
    alternatives: [make('no defaults')],
  };
}

function objectStep(object: SchemaObject): DefinitionStep | null {
  const { kind, definition } = object;
  if (definition === null) return null;
  return {
    sql: definition,
    object: `${kind} ${nameKey(object)}`,
    spoils: kind === 'view' ? [object] : [],
    alternatives: kind === 'collation' ? icuAlternatives(definition) : [],
  };
}

/** Another system may lack a locale of this one's C library: ICU's of the same language is the nearest. */
function icuAlternatives(definition: string): readonly string[] {
  const locale = /LC_COLLATE = '([^']*)'/.exec(definition)?.[1];
  if (locale === undefined) return [];
  const language = locale.replace(/[.@].*$/, '').replace('_', '-');
  return [definition.replace(/\(.*$/s, `(PROVIDER = icu, LOCALE = ${quoteLiteral(language)})`)];
}

/** Steps that make partitions and inheritance children of tables, while all are empty. */
export function familySteps(tables: readonly Table[]): readonly DefinitionStep[] {
  return tables.flatMap((table) => {
    const name = quoteRelation(table);
    const { partitionOf, inherits } = table;
    const sql =
      partitionOf == null
        ? (inherits ?? []).map((parent) => `ALTER TABLE ${name} INHERIT ${quoteRelation(parent)}`)
        : [`ALTER TABLE ${quoteRelation(partitionOf.table)} ATTACH PARTITION ${name} ${partitionOf.bound}`];
    if (sql.length === 0) return [];
    return [{ sql: sql.join(';\n'), object: `place of ${nameKey(table)} among its relatives`, spoils: [table] }];
  });
}

/** Steps for rules that rewrite statements. */
export function ruleSteps(catalog: Catalog): readonly DefinitionStep[] {
  return (catalog.objects ?? [])
    .filter(({ kind }) => kind === 'rule')
    .map(({ name, definition, table }) => ({
      sql: definition ?? '',
      object: `rule ${name} of ${table == null ? '' : nameKey(table)}`,
      spoils: table == null ? [] : [table],
    }));
}

function createTable(table: Table, defaults: 'defaults' | 'no defaults'): string {
  const columns = table.columns.map((column) => columnSql(column, defaults)).join(', ');
  const head = `CREATE TABLE ${quoteRelation(table)} (${columns})`;
  if (table.partitionKey != null) return `${head} PARTITION BY ${table.partitionKey}`;
  const options = ['autovacuum_enabled=off', ...table.options.filter((option) => PLANNED_OPTIONS.test(option))];
  return `${head} WITH (${options.join(', ')})`;
}

/** Storage parameters that the planner reads. */
const PLANNED_OPTIONS = /^(fillfactor|parallel_workers)=/;

function columnSql(column: Column, defaults: 'defaults' | 'no defaults'): string {
  if (column.dropped) return `${quoteIdentifier(placeholder(column))} int`;
  const words = [quoteIdentifier(column.name), column.type];
  if (column.collation !== null) words.push(`COLLATE ${column.collation}`);
  // A stored generated column is planned like any other, and takes seed values only when it is one.
  if (column.generated === 'virtual') words.push(`GENERATED ALWAYS AS (${column.default ?? 'NULL'}) VIRTUAL`);
  else if (column.generated === null && column.default !== null && defaults === 'defaults')
    words.push(`DEFAULT ${column.default}`);
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
  withoutRows: (table: Table, index: Index, sql: string) => Promise<void>,
): readonly DefinitionStep[] {
  return tables.flatMap((table) =>
    table.indexes
      .filter(({ valid }) => valid)
      .map((index) => {
        const sql = indexSql(table, index);
        const object = `index ${nameKey(index)}`;
        return { sql, object, spoils: [table], withoutRows: () => withoutRows(table, index, sql) };
      }),
  );
}

/** A partitioned table's index is made alone: those of its partitions come in the order that they have there. */
function indexSql(table: Table, index: Index): string {
  const constraint = table.constraints.find(({ name }) => name === index.constraint);
  return constraint === undefined ? index.definition : addConstraint(table, constraint);
}

function addConstraint(table: Table, constraint: { readonly name: string; readonly definition: string }): string {
  const name = quoteIdentifier(constraint.name);
  const only = table.kind === 'partitioned table' && !/^(CHECK|FOREIGN)/.test(constraint.definition) ? 'ONLY ' : '';
  return `ALTER TABLE ${only}${quoteRelation(table)} ADD CONSTRAINT ${name} ${constraint.definition}`;
}

/** Steps for foreign keys, CHECKs, extended statistics and identities: after the indexes that foreign keys refer to. */
export function constraintSteps(catalog: Catalog, problems: Problems): readonly DefinitionStep[] {
  const partitioned = new Set(catalog.tables.filter(({ kind }) => kind === 'partitioned table').map(nameKey));
  const stands = new Set(catalog.tables.filter((table) => problems.reasonOf(table) === null).map(nameKey));
  const constraints = catalog.tables.flatMap((table) => constraintStepsOf(table, { partitioned, stands }));
  const statistics = catalog.statisticsObjects.map((object) => ({
    sql: object.definition,
    object: `statistics object ${nameKey(object)}`,
    spoils: [object.table],
  }));
  return [...constraints, ...statistics, ...catalog.tables.flatMap(identitySteps)];
}

interface NamedTables {
  readonly partitioned: ReadonlySet<string>;
  /** Tables that stand in the twin as they should. */
  readonly stands: ReadonlySet<string>;
}

function constraintStepsOf(table: Table, { partitioned, stands }: NamedTables): readonly DefinitionStep[] {
  const isChild = table.partitionOf != null || (table.inherits ?? []).length > 0;
  const step = (constraint: Constraint, spoils: readonly RelationName[]) => ({
    sql: notValid(addConstraint(table, constraint)),
    object: `constraint ${constraint.name} of ${nameKey(table)}`,
    spoils,
  });
  // A parent's CHECK comes down to its children; it can rule one out, and plays no part in any other table's plan.
  const checks = table.constraints
    .filter(({ kind, inherited }) => kind === 'check' && inherited !== true)
    .map((constraint) => step(constraint, isChild ? [table] : []));
  // The planner looks at no foreign key of or to a partitioned table, but at those of each partition.
  if (table.kind === 'partitioned table') return checks;
  const keys = table.constraints.flatMap((constraint) => {
    const target = constraint.references === null ? null : nameKey(constraint.references.table);
    if (target === null || partitioned.has(target)) return [];
    // Sizes of joins with the referenced table come from it.
    return [step(constraint, stands.has(target) ? [table] : [])];
  });
  return [...checks, ...keys];
}

function notValid(sql: string): string {
  return /\bNOT VALID$|\bNOT ENFORCED$/.test(sql) ? sql : `${sql} NOT VALID`;
}

/** An identity is a default too; a partition has its numbers from its parent. */
function identitySteps(table: Table): readonly DefinitionStep[] {
  if (table.partitionOf != null) return [];
  return table.columns
    .filter(({ identity, dropped }) => identity !== null && !dropped)
    .map((column) => ({
      sql: `ALTER TABLE ${quoteRelation(table)} ALTER COLUMN ${quoteIdentifier(column.name)} ADD GENERATED BY DEFAULT AS IDENTITY`,
      object: `identity of ${nameKey(table)}.${column.name}`,
      spoils: [],
    }));
}
