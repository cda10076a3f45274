import type { Catalog } from './catalog.js';
import type { Statistics } from './statistics.js';

/** Schema and statistics of one database, enough to plan its statements without it. */
export interface Snapshot {
  readonly catalog: Catalog;
  readonly statistics: Statistics;
}
