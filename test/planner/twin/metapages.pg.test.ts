import { expect, it } from 'vitest';
import { brinMetapage, fitGinMetapage, ginMetapage } from '../../../src/planner/twin/metapages.js';
import { testDatabase } from '../../postgres.js';

it('are read by the server as it reads those that it writes', async () => {
  const { session } = await testDatabase();
  await session.query('CREATE EXTENSION pageinspect');
  const read = async (call: string, page: Buffer) => {
    const { rows } = await session.query(`SELECT * FROM ${call}(decode($1, 'hex'))`, [page.toString('hex')]);
    return rows[0];
  };
  const gin = ginMetapage({ blocks: 70_000, entryPages: 40_000, dataPages: 29_000, entries: 5_000_000_000 });
  expect(await read('gin_metapage_info', gin)).toMatchObject({
    n_pending_pages: '0',
    n_total_pages: '70000',
    n_entry_pages: '40000',
    n_data_pages: '29000',
    n_entries: '5000000000',
    version: 2,
  });
  fitGinMetapage(gin, 35_000);
  expect(await read('gin_metapage_info', gin)).toMatchObject({ n_total_pages: '35000', n_entry_pages: '20000' });
  expect(await read('brin_metapage_info', brinMetapage({ blocks: 9, mapBlocks: 3 }))).toMatchObject({
    magic: '0xA8109CFA',
    version: 1,
    pagesperrange: 128,
    lastrevmappage: '3',
  });
});
