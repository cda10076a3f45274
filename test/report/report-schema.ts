import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

const schema: unknown = JSON.parse(readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema as object);

/** Expects a report's JSON, as text or parsed, to keep to docs/report.schema.json. */
export function expectValidAdviceReport(json: unknown): void {
  const report: unknown = typeof json === 'string' ? JSON.parse(json) : json;
  validate(report);
  const problems = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  expect(problems.join('\n'), 'problems by docs/report.schema.json').toBe('');
}
