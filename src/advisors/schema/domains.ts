import type { Catalog } from '../../model/catalog.js';
import type { SchemaObject } from '../../model/schema-object.js';
import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';

/** Gives the domain of a type's name, or null where it is none that the catalog holds. */
export function domainOf(type: string, { objects = [] }: Catalog): SchemaObject | null {
  return objects.find((object) => object.kind === 'domain' && quoteRelation(object) === type) ?? null;
}

/** Gives the type beneath a domain, and beneath one over another; any other type by itself. */
export function typeBeneath(type: string, catalog: Catalog): string {
  const domain = domainOf(type, catalog);
  const base = domain === null ? null : /^CREATE DOMAIN .*? AS (.+)$/s.exec(domain.definition ?? '')?.[1];
  if (base == null) return type;
  // What follows the type's name are clauses.
  const [name = base] = base.split(/ (?:COLLATE|DEFAULT|NOT NULL|CONSTRAINT) /, 1);
  return typeBeneath(name.replace(/ NOT NULL$/, ''), catalog);
}

/** Gives a domain like another over bigint, with its default and its conditions. */
export function widenedDomain(domain: SchemaObject): { readonly name: string; readonly createSql: string } | null {
  const name = `${quoteIdentifier(domain.schema)}.${quoteIdentifier(`${domain.name.slice(0, 50)}_bigint`)}`;
  const [, clauses] = /^CREATE DOMAIN .*? AS (?:smallint|integer)\b(.*)$/s.exec(domain.definition ?? '') ?? [];
  return clauses === undefined ? null : { name, createSql: `CREATE DOMAIN ${name} AS bigint${clauses}` };
}
