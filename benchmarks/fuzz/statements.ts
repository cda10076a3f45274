import { oneOf, seededRandom } from '../../src/random.js';
import { parseStatement } from '../../src/sql/parse.js';
import { asParseFailure } from '../../src/sql/parse-failure.js';
import { Mutations } from '../../test/sql/rewrite/mutations.js';
import type { Ground } from './ground.js';
import { sqlsmithStatements } from './sqlsmith.js';

/** A statement, and where it is tried. */
interface GroundStatement {
  readonly ground: Ground;
  readonly sql: string;
}

/** Gives statements of all grounds by turns, those of sqlsmith about the first one among them. */
export function* statementsOf(
  grounds: readonly Ground[],
  { count, share, seed }: { readonly count: number; readonly share: number; readonly seed: number },
): Iterable<GroundStatement> {
  const [first] = grounds;
  const wanted = Math.round(count * share);
  const written = first === undefined || wanted === 0 ? [] : sqlsmithStatements(first.url, { count: wanted, seed });
  if (written === null) console.log('sqlsmith is not installed or failed: mutations alone are tried');
  const waiting = [...(written ?? [])];
  const random = seededRandom(seed);
  const turns = grounds.flatMap((ground) => {
    const { catalog } = ground.snapshot;
    const statements = ground.world.statements.filter(isStatement);
    const mutations = new Mutations(statements, { catalog, random: seededRandom(seed) });
    return Array.from({ length: ground.world.weight }, () => ({ ground, mutations }));
  });
  const every = Math.floor(count / Math.max(1, wanted));
  for (let place = 0; place < count; place++) {
    const known = place % every === 0 ? waiting.shift() : undefined;
    const { ground, mutations } = oneOf(turns, random);
    yield known === undefined || first === undefined
      ? { ground, sql: mutations.next() }
      : { ground: first, sql: known };
  }
}

function isStatement(sql: string): boolean {
  try {
    parseStatement(sql);
    return true;
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return false;
  }
}
