const code = (letter: string) => letter.charCodeAt(0);

/** Messages that a client sends (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
export const FRONTEND = {
  bind: code('B'),
  close: code('C'),
  describe: code('D'),
  execute: code('E'),
  functionCall: code('F'),
  flush: code('H'),
  parse: code('P'),
  query: code('Q'),
  sync: code('S'),
  terminate: code('X'),
  copyDone: code('c'),
  copyData: code('d'),
  copyFail: code('f'),
  password: code('p'),
} as const;

/** Messages that a server sends. */
export const BACKEND = {
  parseComplete: code('1'),
  bindComplete: code('2'),
  closeComplete: code('3'),
  notification: code('A'),
  commandComplete: code('C'),
  dataRow: code('D'),
  error: code('E'),
  copyIn: code('G'),
  copyOut: code('H'),
  emptyQuery: code('I'),
  keyData: code('K'),
  notice: code('N'),
  authentication: code('R'),
  parameterStatus: code('S'),
  rowDescription: code('T'),
  functionResult: code('V'),
  copyBoth: code('W'),
  ready: code('Z'),
  copyDone: code('c'),
  copyData: code('d'),
  noData: code('n'),
  portalSuspended: code('s'),
  parameterDescription: code('t'),
  negotiateVersion: code('v'),
} as const;

/** A statement's text of 20,000 characters, whatever they are; longer ones are cut. */
const TEXT_BYTES_MOST = 64 * 1024;
const NAMES_BYTES_MOST = 2048;
const UNUSED = 0;

/** How many bytes are wanted of each message of a client's; -1 for what is none. */
export const FRONTEND_WANTED = table(FRONTEND, {
  parse: TEXT_BYTES_MOST,
  query: TEXT_BYTES_MOST,
  bind: 1024 * 1024,
  describe: NAMES_BYTES_MOST,
  execute: NAMES_BYTES_MOST,
  close: NAMES_BYTES_MOST,
});

/** How many bytes are wanted of each message of a server's, data rows apart; -1 for what is none. */
export const BACKEND_WANTED = table(BACKEND, {
  commandComplete: 256,
  error: 8192,
  parameterStatus: 4096,
  parameterDescription: 512 * 1024,
  rowDescription: 512 * 1024,
  ready: 1,
});

function table<Name extends string>(
  types: Readonly<Record<Name, number>>,
  wanted: Readonly<Partial<Record<Name, number>>>,
): Int32Array {
  const found = new Int32Array(256).fill(-1);
  for (const name of Object.keys(types) as Name[]) found[types[name]] = wanted[name] ?? UNUSED;
  return found;
}
