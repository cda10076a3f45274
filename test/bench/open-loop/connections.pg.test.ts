import { describe, expect, it } from 'vitest';
import { openLoadConnections } from '../../../src/bench/open-loop/connections.js';
import type { BenchScenarioQuery, LoadStatement } from '../../../src/bench/scenario.js';
import { openSession } from '../../../src/postgres/session.js';
import { byKey, commandsDatabase, complete } from '../commands.js';

function statementOf(query: BenchScenarioQuery, index: number): LoadStatement {
  return { index, name: query.name, text: query.text, parameterSets: query.parameterSets, writes: false };
}

const failing = { ...byKey, name: 'failing', text: 'SELECT 1 / ($1::int - $1::int)' };

describe.each(['http', 'pg'] as const)('connections over %s', (driver) => {
  it('bring a request to either side, tell of its failure, and leave rows as they were', async () => {
    const [beforeUrl, afterUrl] = [await commandsDatabase(), await commandsDatabase()];
    const statements = [byKey, failing].map(statementOf);
    const writing = { ...statementOf(complete, 2), writes: true };
    const connections = await openLoadConnections({
      driver,
      targets: { beforeUrl, afterUrl, beforeName: 'before', afterName: 'after', statementTimeoutMs: 10_000 },
      mix: [...statements, writing].map((statement) => ({ statement, weight: 1 })),
      perSide: 2,
    });
    try {
      for (const side of ['before', 'after'] as const) {
        expect(connections[side]).toHaveLength(2);
        for (const call of connections[side]) {
          const arrivalOf = (statement: LoadStatement) => ({ atMs: 0, statement, request: 1 });
          const [reading, broken] = statements.map(arrivalOf);
          if (reading === undefined || broken === undefined) throw new Error('a statement is missing');
          await call(reading);
          await expect(call(broken)).rejects.toThrow(driver === 'http' ? /answers 500/ : 'division by zero');
          await call(arrivalOf(writing));
        }
      }
    } finally {
      await connections.close();
    }
    const session = await openSession(afterUrl);
    const { rows } = await session.query('SELECT status FROM commands WHERE id = 400');
    await session.close();
    expect(rows).toEqual([{ status: 'sent' }]);
  });
});
