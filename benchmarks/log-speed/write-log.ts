import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { seeded } from '../../test/workload/lineage/traffic.js';

/** Sessions that write at the same time, and statements that they choose from. */
const SESSIONS = 60;
const STATEMENTS = 400;
const START_MS = Date.UTC(2026, 5, 1);
/** A second has so many statements. */
const RATE = 2000;

/** Writes a jsonlog of about a size as a busy server of an application would with log_min_duration_statement = 0. */
export async function writeJsonLog(file: string, { bytes, seed }: { readonly bytes: number; readonly seed: number }) {
  const pick = seeded(seed);
  const texts = Array.from({ length: STATEMENTS }, (_, number) => statementText(number, pick));
  const lines = Array.from({ length: SESSIONS }, () => 0);
  const out = createWriteStream(file, { highWaterMark: 1 << 20 });
  let [written, count, block] = [0, 0, ''];
  while (written < bytes) {
    const session = pick(SESSIONS);
    lines[session] = (lines[session] ?? 0) + 1;
    const text = texts[Math.floor(texts.length * (pick(1_000_000) / 1_000_000) ** 3)] ?? '';
    block += `${line({ text, session, line: lines[session] ?? 1, atMs: START_MS + (count * 1000) / RATE, pick })}\n`;
    count += 1;
    if (block.length < 1 << 20) continue;
    written += block.length;
    if (!out.write(block)) await once(out, 'drain');
    block = '';
  }
  out.end(block);
  await once(out, 'finish');
  return { lines: count };
}

function statementText(number: number, pick: (count: number) => number): string {
  const table = `app.table_${number % 40}`;
  const columns = Array.from({ length: 3 + pick(20) }, (_, place) => `t.column_${place}`).join(', ');
  if (number % 7 === 3) return `UPDATE ${table} SET column_1 = $1, column_2 = $2 WHERE id = $3`;
  if (number % 7 === 5) return `INSERT INTO ${table} (column_1, column_2, column_3) VALUES ($1, $2, $3)`;
  const join = number % 3 === 0 ? ` JOIN app.table_${(number + 1) % 40} AS u ON u.id = t.column_${number % 9}` : '';
  return `SELECT ${columns} FROM ${table} AS t${join} WHERE t.column_${number % 11} = $1 AND t.state = $2 AND t.number > $3 ORDER BY t.id LIMIT ${10 + number}`;
}

interface Said {
  readonly text: string;
  readonly session: number;
  readonly line: number;
  readonly atMs: number;
  readonly pick: (count: number) => number;
}

/** Most statements come by the extended protocol, a quarter with their values in the text, a few lines are others. */
function line({ text, session, line: number, atMs, pick }: Said): string {
  const time = new Date(atMs).toISOString().replace('T', ' ').replace('Z', ' UTC');
  const head = {
    timestamp: time,
    ...{ user: 'app', dbname: 'shop', pid: 4000 + session, remote_host: '10.0.0.7', remote_port: 50_000 + session },
    ...{ session_id: `692000${(10 + session).toString(16)}.${(4000 + session).toString(16)}`, line_num: number },
    ...{ ps: 'SELECT', session_start: '2026-06-01 00:00:00 UTC', vxid: `${session}/0`, txid: 0, error_severity: 'LOG' },
  };
  const tail = { application_name: 'shop', backend_type: 'client backend', query_id: -7_423_432_234_423 - pick(400) };
  const values = [String(pick(100_000)), `state ${pick(9)}`, String(pick(1_000_000))];
  const kind = pick(20);
  const duration = `duration: ${(pick(5000) / 1000).toFixed(3)} ms`;
  if (kind === 0) return JSON.stringify({ ...head, message: 'connection authorized: user=app database=shop', ...tail });
  if (kind < 6) {
    const inline = text.replace(/\$(\d)/g, (_, place) => `'${values[Number(place) - 1]}'`);
    return JSON.stringify({ ...head, message: `${duration}  statement: ${inline}`, ...tail });
  }
  const detail = `parameters: ${values.map((value, place) => `$${place + 1} = '${value}'`).join(', ')}`;
  return JSON.stringify({ ...head, message: `${duration}  execute <unnamed>: ${text}`, detail, ...tail });
}
