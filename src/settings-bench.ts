import { z } from 'zod';
import { bare, choice, duration, identifiers, list, output, text, wholeNumber } from './settings-fields.js';

const queries = () =>
  list(
    'statements to measure: sql:PATH, log:PATH, trace:PATH, pgss, or fleet for the reference application (repeatable)',
    'SPEC',
  );
const seed = () =>
  wholeNumber(0).default(1).meta({ description: 'seed of everything random', flag: 'value', placeholder: 'N' });

const rate = z
  .union([z.literal('auto'), wholeNumber(1, 100_000)])
  .optional()
  .meta({
    description: 'also run the mix of all queries in an open loop, at this many requests a second; auto: by capacity',
    flag: 'value',
    placeholder: 'auto|N',
  });

/** Keys of `pgsteward bench`. */
export const benchSettings = z
  .strictObject({
    queries: queries(),
    migrations: text('the migrations that make the difference: a folder or one file', 'DIR|FILE'),
    beforeUrl: text('a database without the migrations, in place of a clone; with --after-url', 'URL'),
    afterUrl: text('a database with the migrations, in place of a clone; with --before-url', 'URL'),
    driver: choice(['http', 'pg'], 'http', 'how the load is brought to the database'),
    budget: duration('time for all measurements together', '60s'),
    rate,
    arrivals: choice(['poisson', 'even', 'storm'], 'poisson', 'how the requests of --rate follow each other'),
    besideJobs: identifiers('jobs that run on the clones meanwhile, for once more the load of --rate', 'NAME,NAME'),
    cache: choice(['warm', 'cold'], 'warm', 'cold: each call meets an empty cache of the server; with --driver pg'),
    gate: text('limits that a release has to keep to, as YAML', 'FILE'),
    baseline: text('an earlier JSON report that the ratio limits of --gate are also checked against', 'FILE'),
    history: text('add this run to a file and show the last ones beside it', 'FILE'),
    seed: seed(),
    iKnow: bare('put load on a server although others work on it'),
    format: choice(['text', 'json', 'html', 'junit', 'markdown'], 'text', 'form of the report'),
    output: output(),
  })
  .prefault({});

/** Keys of `pgsteward bench compare`. */
export const benchCompareSettings = z
  .strictObject({
    format: choice(['text', 'json', 'markdown'], 'text', 'form of the comparison'),
    output: output(),
  })
  .prefault({});

/** Keys of `pgsteward bench export`. */
export const benchExportSettings = z
  .strictObject({
    queries: queries(),
    format: choice(['k6', 'pgbench'], 'pgbench', 'the load generator that is to run the scenario'),
    rate: wholeNumber(1, 1_000_000)
      .default(100)
      .meta({ description: 'requests a second, all queries together', flag: 'value', placeholder: 'N' }),
    seed: seed(),
    output: text('folder for the scenario’s files', 'DIR'),
  })
  .prefault({});
