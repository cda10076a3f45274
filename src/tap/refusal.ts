import type { Socket } from 'node:net';

/** A client that has not said within this what it wants is not told why it gets nothing. */
const FIRST_WORDS_MS = 5000;
/** cannot_connect_now: what a server says that starts or stops; clients with several hosts try the next one. */
const SQL_STATE = '57P03';
const STARTUP_MAJOR = 3;

/**
 * Tells a client that its server cannot be reached. One that begins with a question about encryption sees its connection
 * closed, as by a server that goes down: it takes no error message as an answer.
 */
export function refuse(client: Socket, reason: string): void {
  if (client.destroyed) return;
  const timer = setTimeout(() => client.destroy(), FIRST_WORDS_MS);
  client.once('close', () => clearTimeout(timer));
  client.once('end', () => client.destroy());
  client.once('data', (chunk: Buffer) => {
    const isStartup = chunk.length >= 8 && chunk.readUInt16BE(4) === STARTUP_MAJOR;
    if (isStartup) client.write(errorResponse(`the server behind pgsteward tap cannot be reached: ${reason}`));
    client.destroySoon();
  });
  client.resume();
}

function errorResponse(message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${SQL_STATE}\0M${message}\0\0`);
  const header = Buffer.alloc(5);
  header.write('E');
  header.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([header, fields]);
}
