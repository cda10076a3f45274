/**
 * How long a tap holds a connection whose client has gone without a word, as when its machine loses power: one that is
 * idle, and one to which the server had just said something. It runs in a network of its own, whose loopback goes down.
 * Exit status 1 where an idle one is held for more than a minute. Needs unshare(1), ip(8) and the right to use them.
 * Usage: npm run campaign -- tap-dead-peers [--retries 5]
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLog } from '../src/log.js';
import { startTap } from '../src/tap/tap.js';

const IDLE_SECONDS_MOST = 60;

const { values } = parseArgs({
  options: { retries: { type: 'string', default: '5' }, inside: { type: 'boolean', default: false } },
});

if (values.inside) await measure();
else {
  const again = ['--net', process.execPath, ...process.execArgv, import.meta.filename, '--inside'];
  const { status } = spawnSync('unshare', [...again, '--retries', values.retries], { stdio: 'inherit' });
  process.exitCode = status ?? 3;
}

async function measure(): Promise<void> {
  ip('link', 'set', 'lo', 'up');
  // How often the kernel sends again what nobody confirms: 15 times by default, which is a quarter of an hour.
  writeFileSync('/proc/sys/net/ipv4/tcp_retries2', values.retries);
  const folder = mkdtempSync(join(tmpdir(), 'tap-'));
  const upstream = join(folder, 'server');
  const sides: Socket[] = [];
  const clients: Socket[] = [];
  const server = createServer((side) => void sides.push(side.resume())).listen(upstream);
  await once(server, 'listening');
  const output = join(folder, 'trace.ndjson');
  const log = createLog('silent');
  const tap = await startTap({ listen: '127.0.0.1:0', upstream, output, toolVersion: '0', log });
  const port = Number(tap.address.split(':')[1]);
  for (let client = 0; client < 2; client += 1) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    socket.write('hello');
    clients.push(socket);
    while (sides.length <= client) await once(server, 'connection');
  }
  const [idle, busy] = sides;
  ip('link', 'set', 'lo', 'down');
  const startedMs = performance.now();
  busy?.write(Buffer.alloc(1000));
  const closed = async (side: Socket | undefined) => {
    if (side !== undefined) await once(side, 'close');
    return (performance.now() - startedMs) / 1000;
  };
  const [idleSeconds, busySeconds] = await Promise.all([closed(idle), closed(busy)]);
  console.log(`an idle connection of a dead client was let go of after ${idleSeconds.toFixed(1)} s`);
  console.log(`one with bytes under way after ${busySeconds.toFixed(1)} s, with tcp_retries2 = ${values.retries}`);
  process.exitCode = idleSeconds > IDLE_SECONDS_MOST ? 1 : 0;
  // They know nothing of it.
  for (const client of clients) client.destroy();
  await tap.stop();
  server.close();
  rmSync(folder, { recursive: true });
}

function ip(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
}
