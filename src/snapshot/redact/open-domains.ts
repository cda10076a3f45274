import type { Catalog } from '../../model/catalog.js';
import type { SchemaObject } from '../../model/schema-object.js';
import { scanTokens } from '../../sql/tokens.js';

/** Gives a catalog whose domains take every value of their type: a stand-in need not look like an address. */
export function openDomains(catalog: Catalog): Catalog {
  return catalog.objects === undefined ? catalog : { ...catalog, objects: catalog.objects.map(withoutChecks) };
}

function withoutChecks(object: SchemaObject): SchemaObject {
  const { kind, definition } = object;
  if (kind !== 'domain' || definition === null) return object;
  // The word is reserved and the constraints come last.
  const first = scanTokens(definition).find(({ text }) => /^(constraint|check)$/i.test(text));
  return first === undefined ? object : { ...object, definition: definition.slice(0, first.start).trimEnd() };
}
