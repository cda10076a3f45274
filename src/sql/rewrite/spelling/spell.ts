import type { Node } from '@pgsql/types';
import type { Catalog } from '../../../model/catalog.js';
import type { FreshNames } from '../column-names.js';
import { hoistTies } from './derived-ties.js';
import { spellExists } from './exists-arms.js';
import { liftTies } from './lifted-ties.js';
import { nearTies } from './nearer-ties.js';
import { spellColumns } from './several-columns.js';

/** Spells the subqueries of a statement in those of their forms that techniques read; none of it changes what it means. */
export function spellSubqueries(tree: Node, catalog: Catalog, names: FreshNames): void {
  spellColumns(tree);
  spellExists(tree, catalog);
  liftTies(tree, catalog);
  nearTies(tree, catalog);
  hoistTies(tree, catalog, names);
}
