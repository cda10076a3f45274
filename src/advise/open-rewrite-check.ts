import type { Catalog } from '../model/catalog.js';
import type { Equivalence } from '../model/equivalence.js';
import { startTwinServer, type TwinOptions } from '../planner/twin/build.js';
import { createEmptySchema } from '../planner/twin/empty-schema.js';
import { openEquivalence } from '../proof/equivalence.js';

/**
 * Makes what compares rewrites with their originals on a private server of the database's major: the given one, which is
 * left running, or one of its own that is started with the first comparison.
 */
export function openRewriteCheck(catalog: Catalog, given?: TwinOptions['server']): Equivalence {
  let own: ReturnType<typeof startTwinServer> | null = null;
  const server = () => {
    if (given !== undefined) return Promise.resolve(given);
    own ??= startTwinServer({ catalog });
    return own;
  };
  const equivalence = openEquivalence({ catalog, server, define: createEmptySchema });
  return {
    compare: (original, rewrites) => equivalence.compare(original, rewrites),
    async close() {
      await equivalence.close();
      await (await own)?.stop();
    },
  };
}
