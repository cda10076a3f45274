import { expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import { isFilledDomain } from '../../../src/sql/analysis/filled-domain.js';
import { catalogOf } from '../../catalog.js';

const DOMAINS = {
  code: 'CREATE DOMAIN public.code AS text NOT NULL CONSTRAINT short CHECK ((length(VALUE) < 9))',
  note: "CREATE DOMAIN public.note AS text DEFAULT 'NOT NULL'::text",
  'Own code': 'CREATE DOMAIN public."Own code" AS public.code',
};

const catalog: Catalog = {
  ...catalogOf({}),
  objects: Object.entries(DOMAINS).map(([name, definition], place) => ({
    ...{ oid: place + 1, kind: 'domain', schema: 'public', name, definition },
  })),
};

it.each([
  ['code', true],
  ['public.code', true],
  ['public."Own code"', true],
  ['note', false],
  ['text', false],
])('%s is a domain that is not to be NULL, or stands on one: %j', (type, isFilled) => {
  expect(isFilledDomain(type, catalog)).toBe(isFilled);
});
