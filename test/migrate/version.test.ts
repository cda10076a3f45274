import { describe, expect, it } from 'vitest';
import { compareVersions, parseFileName } from '../../src/migrate/version.js';

describe('versions', () => {
  it('stand in byte order within one width, with letters behind the bare number', () => {
    const versions = ['013', '012b', '012', '011', '012a', '012B'];
    expect(versions.sort(compareVersions)).toEqual(['011', '012', '012B', '012a', '012b', '013']);
  });

  it('stand by width first, so that 999 comes before 1000 and a sequence before timestamps', () => {
    expect(['20261121000000', '1000', '999'].sort(compareVersions)).toEqual(['999', '1000', '20261121000000']);
  });

  it('are the digits and one letter in front of the first underscore', () => {
    expect(parseFileName('012b_add_users.up.sql')).toEqual({ version: '012b', name: 'add_users', direction: 'up' });
    expect(parseFileName('012b_add_users.down.sql')?.direction).toBe('down');
  });

  it.each(['0001_add_users.sql', '0001-add.up.sql', 'add.up.sql', '0001_.up.sql', 'V1__init.sql', '12ab_x.up.sql'])(
    'are not seen in %s',
    (name) => expect(parseFileName(name)).toBeNull(),
  );
});
