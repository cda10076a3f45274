import { pino } from 'pino';
import { expect, it } from 'vitest';
import { startHttp } from '../../../src/worker/http/service.js';
import { createMetrics } from '../../../src/worker/metrics.js';

it('answers whether the process lives', async () => {
  const service = await startHttp({
    ...{ settings: { listen: '127.0.0.1:0', tokens: [], rateLimit: { requests: 10, windowSeconds: 60 } } },
    worker: { jobs: () => [], obstacles: () => [], startRun: async () => ({ kind: 'unknown' }) },
    ...{
      metrics: createMetrics(),
      targets: [],
      home: { name: 'home', url: '', isHome: true },
      ownSchema: 'steward',
      version: '0',
    },
    log: pino({ level: 'silent' }),
  });
  expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
  await service.close();
});
