import type { Index } from '../../model/catalog.js';

/** True when nothing but statements stands on the index: dropping it breaks no rule and no other object. */
export function isDroppable(index: Index): boolean {
  return staysFor(index) === null;
}

/** Says for what an index has to stay beside serving statements, or gives null. */
export function staysFor(index: Index): string | null {
  if (index.primary) return 'it is the primary key';
  if (index.constraint !== null) return `it backs the constraint ${index.constraint}`;
  if (index.referenced === true) return 'a foreign key refers to it';
  if (index.replicaIdentity) return 'it is the replica identity';
  if (index.clustered === true) return 'CLUSTER orders the table by it';
  if (index.partitionOf != null) return `it is part of ${index.partitionOf.schema}.${index.partitionOf.name}`;
  return null;
}
