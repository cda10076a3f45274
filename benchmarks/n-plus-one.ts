/**
 * How well loops are found in logs, judged by what the programs that were logged really did, with the plain counting of
 * equal statements beside it: synthesised applications, real object mappers (Prisma by its client over pg, which needs
 * no engine), traffic without any loop, and wrong batches that the proof has to tell. Exit status 1 below a bar.
 * Usage: tsx benchmarks/n-plus-one.ts [--part synthesised|orms|negative|verifier]... [--from 1] [--seeds 20]
 *   [--requests 120] [--format json|csv|log|tap]... [--statements 100000] [--verbose]
 */
import { parseArgs } from 'node:util';
import { SOURCES } from './n-plus-one/log-server.js';
import { judgeMappers } from './n-plus-one/mappers.js';
import { judgeNegative } from './n-plus-one/negative.js';
import { judgeSynthesised } from './n-plus-one/synthesised.js';
import { judgeVerifier } from './n-plus-one/verifier.js';

const { values } = parseArgs({
  options: {
    part: { type: 'string', multiple: true, default: ['synthesised'] },
    from: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '20' },
    requests: { type: 'string', default: '120' },
    format: { type: 'string', multiple: true, default: [...SOURCES] },
    statements: { type: 'string', default: '100000' },
    verbose: { type: 'boolean', default: false },
  },
});
const seeds = Array.from({ length: Number(values.seeds) }, (_, place) => Number(values.from) + place);
const formats = SOURCES.filter((format) => values.format.includes(format));

const parts: Readonly<Record<string, () => Promise<boolean>>> = {
  synthesised: () => judgeSynthesised({ seeds, requests: Number(values.requests), formats, isVerbose: values.verbose }),
  negative: () => judgeNegative({ statements: Number(values.statements), seed: Number(values.from) }),
  orms: () => judgeMappers(Number(values.from), values.verbose),
  verifier: () => judgeVerifier(seeds, values.verbose),
};

let isWell = true;
for (const part of values.part) {
  const run = parts[part];
  if (run === undefined) throw new Error(`there is no part ${part}: ${Object.keys(parts).join(', ')}`);
  isWell = (await run()) && isWell;
}
process.exitCode = isWell ? 0 : 1;
