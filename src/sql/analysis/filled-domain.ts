import type { Catalog } from '../../model/catalog.js';
import { parseStatement } from '../parse.js';
import { asParseFailure } from '../parse-failure.js';
import { quoteIdentifier } from '../quote.js';
import { bodyOf } from '../walk.js';

/**
 * Tells whether a type, as `format_type` names it, is a domain that is not to be NULL, or stands on one. What is assigned
 * as a value of the domain, such as the NULL of an empty subquery, is not checked: the manual's own exception.
 */
export function isFilledDomain(type: string, catalog: Catalog): boolean {
  const known = filledDomains.get(catalog) ?? readDomains(catalog);
  filledDomains.set(catalog, known);
  return known.has(type);
}

const filledDomains = new WeakMap<Catalog, ReadonlySet<string>>();

function readDomains({ objects = [] }: Catalog): ReadonlySet<string> {
  const filled = new Set<string>();
  // In the order of their OIDs: a domain stands behind the one that it is made of.
  for (const { kind, schema, name, definition } of objects) {
    if (kind !== 'domain' || definition === null || !isFilled(definition, filled)) continue;
    filled.add(quoteIdentifier(name)).add(`${quoteIdentifier(schema)}.${quoteIdentifier(name)}`);
  }
  return filled;
}

function isFilled(definition: string, known: ReadonlySet<string>): boolean {
  try {
    const { constraints = [], typeName } = bodyOf(parseStatement(definition).tree, 'CreateDomainStmt') ?? {};
    const base = (typeName?.names ?? []).map((part) => quoteIdentifier(bodyOf(part, 'String')?.sval ?? '')).join('.');
    return known.has(base) || constraints.some((each) => bodyOf(each, 'Constraint')?.contype === 'CONSTR_NOTNULL');
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return false;
  }
}
