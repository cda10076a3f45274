import { z } from 'zod';
import { bytes, choice, share, text } from './settings-fields.js';

/** `127.0.0.1:5432`, `[::1]:5432`, or the path of a Unix socket. */
const ADDRESS = /^(\[[^\]]+\]:\d{1,5}|[^:/\s[\]]+:\d{1,5}|\/.+)$/;
const EXPECTED = 'a host and a port, such as 127.0.0.1:5432, or the path of a Unix socket';

/** What a tap listens on, records and leaves out. */
export const tapSettings = z
  .strictObject({
    listen: z
      .string()
      .regex(ADDRESS, EXPECTED)
      .default('127.0.0.1:6432')
      .meta({ description: 'where clients connect instead of to the server', flag: 'value', placeholder: 'HOST:PORT' }),
    upstream: z.string().regex(ADDRESS, EXPECTED).optional().meta({
      description: 'where the server is; a path is that of a Unix socket',
      flag: 'value',
      placeholder: 'HOST:PORT',
    }),
    output: text('the file of the recording; what is there already is kept', 'FILE'),
    values: choice(['hashed', 'plain'], 'hashed', 'whether parameters, constants and keys are recorded as they are'),
    sample: share('share of the sessions that are recorded, 0 to 1', 1),
    rotateBytes: bytes('begin another file when one has grown to this'),
    format: choice(['text', 'json'], 'text', 'form of what is printed at the end'),
  })
  .prefault({});
