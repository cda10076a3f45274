/** A program of its own that starts a private server and then ends in the way its first argument says. */
import { stopAllServers } from '../../src/embedded/held.js';
import { lockHolder } from '../../src/embedded/postmaster.js';
import { type ServerOptions, startServer } from '../../src/embedded/server.js';

const [ending = '', options = '{}'] = process.argv.slice(2);

if (ending === 'handles-sigterm') {
  process.on('SIGTERM', async () => {
    await stopAllServers();
    process.stdout.write('stopped by its own handler\n');
    process.exit(7);
  });
}

const server = await startServer(JSON.parse(options) as ServerOptions);
const { dataDirectory, version } = server;
process.stdout.write(`${JSON.stringify({ dataDirectory, version, serverPid: lockHolder(dataDirectory) })}\n`);

switch (ending) {
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
