import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../../src/commands/command.js';
import { tapCommand } from '../../src/commands/tap.js';

/** All that the command looks at before it begins. */
const contextOf = (tap: { readonly output?: string; readonly upstream?: string }) =>
  ({ settings: { tap } }) as unknown as CommandContext;

describe('pgsteward tap', () => {
  it.each([
    [{ output: 'trace.ndjson' }, 'no server is named', 'pass --upstream HOST:PORT'],
    [{ upstream: '127.0.0.1:5432' }, 'no file is named for the recording', 'pass --output FILE'],
    [{ upstream: '127.0.0.1:5432', output: '/' }, '/ is a folder', 'name another file with --output'],
  ])('given %o refuses with the next step', async (tap, message, hint) => {
    await expect(tapCommand.run(contextOf(tap))).rejects.toMatchObject({ code: 'usage', message, hint });
  });
});
