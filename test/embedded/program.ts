/** A program of its own that starts a private server and then ends in the way its first argument says. */
import { stopAllServers } from '../../src/embedded/held.js';
import { lockHolder } from '../../src/embedded/postmaster.js';
import { type ServerOptions, startServer } from '../../src/embedded/server.js';
import { openSession } from '../../src/postgres/session.js';

const [ending = '', options = '{}'] = process.argv.slice(2);

const server = await startServer(JSON.parse(options) as ServerOptions);
const { dataDirectory, version } = server;
process.stdout.write(`${JSON.stringify({ dataDirectory, version, serverPid: lockHolder(dataDirectory) })}\n`);

switch (ending) {
  case 'handles-sigint':
    process.on('SIGINT', async () => {
      const session = await openSession(server.url('postgres'));
      const { rowCount } = await session.query('SELECT');
      process.stdout.write(`its server still gave ${rowCount} row\n`);
      await session.close();
      await stopAllServers();
      process.exit(7);
    });
    setInterval(() => undefined, 60_000);
    break;
  case 'stops':
    await server.stop();
    break;
  case 'exits':
    process.exit(5);
    break;
  case 'throws':
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
    break;
  case 'ends':
    break;
  default:
    setInterval(() => undefined, 60_000);
}
