import type { FormCase } from './form-cases.js';

/** An element that an array is asked for, taken apart or not. */
export const ELEMENT_CASES: readonly FormCase[] = [
  `p.labels IS NOT NULL AND 'a' = ANY (p.labels)`,
  `'a' IN (SELECT unnest(p.labels))`,
  `'a' = ANY (SELECT unnest(labels))`,
  `EXISTS (SELECT 1 FROM unnest(p.labels) AS t (label) WHERE t.label = 'a') AND p.id > 1`,
  `EXISTS (SELECT FROM unnest(labels) t WHERE 'a' = t)`,
  `EXISTS (SELECT * FROM unnest(p.labels) WHERE unnest = 'a')`,
  `'a' = ANY (p.labels) OR 'b' = ANY (p.labels)`,
  `EXISTS (SELECT 1 FROM unnest(p.labels) t WHERE t = 'a' OR 'b' = t OR t IN ('c', 'a'))`,
  `EXISTS (SELECT 1 FROM unnest(p.labels) AS t (label) WHERE t.label IN ('a', 'b')) AND p.id > 1`,
  `('a' = ANY (labels) OR 'b' IN (SELECT unnest(labels)) OR EXISTS (SELECT FROM unnest(labels) t WHERE t = 'c'))`,
].map((condition): FormCase => {
  const sql = `SELECT p.id, p.customer FROM parcels p WHERE ${condition}`;
  return { name: `an element, by ${condition}`, form: 'spelledComparisons', sql };
});

export const NO_ELEMENT: readonly FormCase[] = [
  `'a' NOT IN (SELECT unnest(p.labels))`,
  `NOT EXISTS (SELECT FROM unnest(p.labels) t WHERE t = 'a')`,
  `EXISTS (SELECT FROM unnest(p.labels) t WHERE t <> 'a')`,
  `EXISTS (SELECT FROM unnest(p.labels) t WHERE t = 'a' OR t <> 'b')`,
  `EXISTS (SELECT FROM unnest(p.labels) t WHERE t = 'a' OR p.id > 1)`,
  `EXISTS (SELECT FROM unnest(p.labels) t WHERE t NOT IN ('a', 'b'))`,
  `EXISTS (SELECT FROM unnest(p.labels) t WHERE t IN ('a', p.customer))`,
  `EXISTS (SELECT FROM unnest(p.labels) t WHERE t = 'a' AND t = 'b')`,
  `EXISTS (SELECT FROM unnest(p.labels) t WHERE t IN ('a', NULL))`,
  `'a' = ANY (p.labels) OR 'b' = p.customer`,
  `'a' = ANY (p.labels) OR p.id = 1 AND 'b' = ANY (p.labels)`,
  `EXISTS (SELECT FROM unnest(p.labels) t WHERE t = 'a' AND p.id > 1)`,
  `EXISTS (SELECT FROM unnest(p.labels) WITH ORDINALITY AS t (label, place) WHERE label = 'a')`,
  `EXISTS (SELECT FROM unnest(p.labels, p.labels) AS t (one, other) WHERE one = 'a')`,
  `EXISTS (SELECT FROM unnest(p.labels) t, items i WHERE t = 'a')`,
  `EXISTS (SELECT FROM unnest(p.labels) t WHERE t = 'a' OFFSET 1)`,
  `EXISTS (SELECT count(*) FROM unnest(p.labels) t WHERE t = 'a')`,
  `EXISTS (SELECT FROM unnest(p.labels) t WHERE t = 'a' HAVING false)`,
  `'a' IN (SELECT unnest(p.labels) LIMIT 1)`,
  `'a' IN (SELECT unnest(p.labels) || 'b')`,
  `'a' > ANY (SELECT unnest(p.labels))`,
  `EXISTS (SELECT FROM unnest(ARRAY['a', 'b']) t WHERE t = p.id::text)`,
].map((condition): FormCase => {
  const sql = `SELECT p.id, p.customer FROM parcels p WHERE ${condition}`;
  return { name: `an element, by ${condition}`, form: 'spelledComparisons', sql };
});
