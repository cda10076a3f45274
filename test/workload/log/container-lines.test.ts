import { describe, expect, it } from 'vitest';
import { ContainerLines, isOfContainer } from '../../../src/workload/log/container-lines.js';

const MESSAGE = '2026-11-21 06:30:35.123 UTC [7] LOG:  duration: 1.0 ms  statement: SELECT a';
const kept = (log: string) => JSON.stringify({ log, stream: 'stderr', time: '2026-11-21T06:30:35.123456789Z' });

describe('a line of a container’s output', () => {
  it.each([
    ['docker compose logs', 'db-1  | '],
    ['docker logs --timestamps', '2026-11-21T06:30:35.123456789Z '],
    ['both', 'db-1  | 2026-11-21T06:30:35.123456789Z '],
    ['a container runtime of Kubernetes', '2026-11-21T06:30:35.123456789+00:00 stdout F '],
    ['kubectl logs --prefix', '[pod/db-0/postgres] '],
  ])('is the server’s own, without what %s writes before it', (_, head) => {
    const lines = new ContainerLines();
    expect(isOfContainer(head + MESSAGE)).toBe(true);
    expect([MESSAGE, '\tFROM t'].map((line) => lines.line(head + line))).toEqual([MESSAGE, '\tFROM t']);
  });

  it('is whole where it was kept in parts', () => {
    const lines = new ContainerLines();
    const asJson = [kept(MESSAGE.slice(0, 50)), kept(`${MESSAGE.slice(50)}\n`), kept('\tFROM t\n')];
    const asRuntime = [`P ${MESSAGE.slice(0, 50)}`, `F ${MESSAGE.slice(50)}`].map(
      (line) => `2026-11-21T06:30:35.1Z stderr ${line}`,
    );
    expect([...asJson, ...asRuntime].map((line) => lines.line(line))).toEqual([
      ...[null, MESSAGE, '\tFROM t'],
      ...[null, MESSAGE],
    ]);
  });

  it('is left as it is where nothing stands before it', () => {
    const lines = new ContainerLines();
    for (const line of [
      MESSAGE,
      '\tFROM t',
      '',
      '{"log": 5}',
      '{"log":"x',
      'Nov 21 06:30:35 host postgres[7]: [3-1] LOG:  x',
    ])
      expect(lines.line(line)).toBe(line);
    expect(isOfContainer(MESSAGE)).toBe(false);
  });
});
