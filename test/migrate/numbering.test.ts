import { describe, expect, it } from 'vitest';
import { nextVersions } from '../../src/migrate/numbering.js';

const NOW = new Date('2026-11-21T10:20:30.400Z');

describe('the versions that follow', () => {
  it.each([
    ['begin at 0001 in a new folder', [], ['0001', '0002']],
    ['keep the width', ['001', '002'], ['003', '004']],
    ['keep the width of bare numbers', ['1', '2', '9'], ['10', '11']],
    ['keep the step', ['0010', '0020', '0030', '0050'], ['0060', '0070']],
    ['take a gap for a gap', ['0001', '0002', '0003', '0007'], ['0008', '0009']],
    ['stand behind a letter', ['0011', '0012', '0012b'], ['0013', '0014']],
    ['grow where the width is used up', ['998', '999'], ['1000', '1001']],
    ['are seconds of the day in UTC', ['20250101000000'], ['20261121102030', '20261121102031']],
    ['are minutes', ['202501010000'], ['202611211020', '202611211021']],
    ['are days', ['20250101', '20250102'], ['20261121', '20261122']],
    ['are seconds since 1970', ['1700000000'], ['1795256430', '1795256431']],
    [
      'stand behind a last version that lies ahead of the clock',
      ['20301231235959'],
      ['20310101000000', '20310101000001'],
    ],
    ['are no times where not all of the set are', ['10000001', '10000002'], ['10000003', '10000004']],
    ['are a sequence where eight digits are no date', ['00000001'], ['00000002', '00000003']],
  ])('%s', (_, versions, expected) => expect(nextVersions(versions, 2, NOW)).toEqual(expected));
});
