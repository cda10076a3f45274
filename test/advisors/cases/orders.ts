import { minute, mix, type OwnCase } from './own-case.js';

/** SQL of a text of some 400 bytes. */
const WIDE = 'repeat(md5(n::text), 12)';

/** Orders, groups, pages and what an index may hold besides. */
export const ORDERS: readonly OwnCase[] = [
  {
    name: 'the latest rows of one key',
    tables: { messages: `${mix(80)} AS chat, ${minute(mix(20_000, 2))} AS sent_at` },
    workload: [
      { sql: 'SELECT id, filler FROM messages WHERE chat = $1 ORDER BY sent_at DESC LIMIT 10', parameters: [7] },
    ],
    expected: ['messages (chat, sent_at DESC)'],
  },
  {
    name: 'the first rows of one key under a bound that most pass',
    tables: { offers: `${mix(60)} AS shop, ${mix(10_000, 2)} AS rank, ${mix(1000, 3)} AS price` },
    workload: [
      {
        sql: 'SELECT filler FROM offers WHERE shop = $1 AND price < $2 ORDER BY rank LIMIT 20',
        parameters: [7, 900],
      },
    ],
    expected: ['offers (shop, rank)'],
  },
  {
    name: 'the first rows of one key under a bound that few pass',
    tables: { bids: `${mix(20)} AS shop, ${mix(10_000, 2)} AS rank, ${mix(1000, 3)} AS price` },
    workload: [
      { sql: 'SELECT filler FROM bids WHERE shop = $1 AND price < $2 ORDER BY rank LIMIT 20', parameters: [7, 20] },
    ],
    expected: ['bids (shop, price)'],
  },
  {
    name: 'pages by key, a row after a row, of days with many rows',
    tables: { posts: `${minute(`${mix(14)} * 1440`)} AS day` },
    workload: [
      {
        sql: 'SELECT id, filler FROM posts WHERE (day, id) < ($1, $2) ORDER BY day DESC, id DESC LIMIT 20',
        parameters: ['2026-01-05', 7777],
      },
    ],
    expected: ['posts (day DESC, id DESC)'],
  },
  {
    name: 'pages by key within one group',
    tables: { replies: `${mix(400)} AS thread` },
    workload: [
      {
        sql: 'SELECT id, filler FROM replies WHERE thread = $1 AND id < $2 ORDER BY id DESC LIMIT 20',
        parameters: [7, 7777],
      },
    ],
    expected: ['replies (thread, id)'],
  },
  {
    name: 'pages by OFFSET',
    tables: { photos: `${minute(mix(20_000))} AS taken_at` },
    workload: [{ sql: 'SELECT id, filler FROM photos ORDER BY taken_at LIMIT 20 OFFSET 40' }],
    expected: ['photos (taken_at)'],
  },
  {
    name: 'an order that has its nulls first',
    tables: { chores: `CASE WHEN n % 3000 <> 0 THEN ${minute(mix(20_000))} END AS due` },
    workload: [{ sql: 'SELECT id, filler FROM chores ORDER BY due NULLS FIRST LIMIT 10' }],
    expected: ['chores (due NULLS FIRST)'],
  },
  {
    name: 'an order down and up',
    tables: { players: `${mix(500)} AS points, 'p' || ${mix(9000, 2)} AS name` },
    workload: [{ sql: 'SELECT id, filler FROM players ORDER BY points DESC, name LIMIT 10' }],
    expected: ['players (points DESC, name)'],
  },
  {
    name: 'the newest row of all',
    tables: { beats: `${minute(mix(20_000))} AS at` },
    workload: [{ sql: 'SELECT * FROM beats ORDER BY at DESC LIMIT 1' }],
    expected: ['beats (at DESC)'],
  },
  {
    name: 'the last value of a key',
    tables: { gauges: `${mix(50)} AS sensor, ${minute(mix(20_000, 2))} AS at` },
    workload: [{ sql: 'SELECT max(at) FROM gauges WHERE sensor = $1', parameters: [7] }],
    expected: ['gauges (sensor, at DESC)'],
  },
  {
    name: 'the least and the greatest value',
    tables: { probes: `${mix(20_000)} AS depth` },
    workload: [{ sql: 'SELECT min(depth), max(depth) FROM probes' }],
    expected: ['probes (depth)'],
  },
  {
    name: 'the first of one value and the last of another one',
    tables: { stays: `${minute(mix(20_000))} AS begun_at, ${minute(mix(20_000, 2))} AS ended_at` },
    workload: [{ sql: 'SELECT min(begun_at), max(ended_at) FROM stays' }],
    expected: ['stays (begun_at)', 'stays (ended_at DESC)'],
  },
  {
    name: 'the last value of each key of wide rows',
    tables: { trips: `${mix(50)} AS bus, ${minute(mix(20_000, 2))} AS at, ${WIDE} AS body` },
    workload: [{ sql: 'SELECT bus, max(at) FROM trips GROUP BY bus' }],
    expected: ['trips (bus, at)'],
  },
  {
    name: 'the last row of each key by DISTINCT ON',
    tables: { scans: `${mix(400)} AS agent, ${minute(mix(20_000, 2))} AS at` },
    workload: [{ sql: 'SELECT DISTINCT ON (agent) agent, at FROM scans ORDER BY agent, at DESC' }],
    expected: ['scans (agent, at DESC)'],
  },
  {
    name: 'the first rows of a window',
    tables: { laps: `${mix(80)} AS runner, ${mix(9000, 2)} AS seconds` },
    workload: [
      {
        sql: `SELECT runner, seconds FROM (
                SELECT runner, seconds, row_number() OVER (PARTITION BY runner ORDER BY seconds) AS place
                  FROM laps WHERE runner = $1) AS ranked WHERE place <= 3`,
        parameters: [7],
      },
    ],
    expected: ['laps (runner, seconds)'],
  },
  {
    name: 'the newest rows of a view of two tables',
    tables: { mails_in: `${minute(mix(20_000))} AS at`, mails_out: `${minute(mix(20_000, 2))} AS at` },
    prepare: 'CREATE VIEW mails_all AS SELECT at, filler FROM mails_in UNION ALL SELECT at, filler FROM mails_out',
    workload: [{ sql: 'SELECT at, filler FROM mails_all ORDER BY at DESC LIMIT 20' }],
    expected: ['mails_in (at DESC)', 'mails_out (at DESC)'],
  },
  {
    name: 'the first rows of a rare state',
    tables: {
      faults: `CASE WHEN ${mix(250)} = 0 THEN 'open' ELSE 'shut' END AS state, ${minute(mix(20_000, 2))} AS due`,
    },
    workload: [{ sql: "SELECT id, filler FROM faults WHERE state = 'open' ORDER BY due LIMIT 10" }],
    expected: ["faults (due) WHERE state = 'open'"],
  },
  {
    name: 'the first rows of two rare states',
    tables: {
      cases: `(ARRAY['new', 'stuck', 'shut'])[1 + least(${mix(300)}, 2)] AS state, ${minute(mix(20_000, 2))} AS due`,
    },
    workload: [{ sql: "SELECT id, filler FROM cases WHERE state IN ('new', 'stuck') ORDER BY due LIMIT 10" }],
    expected: ["cases (due) WHERE state IN ('new', 'stuck')"],
  },
  {
    name: 'a count of each key of wide rows',
    tables: { votes: `${mix(30)} AS party, ${WIDE} AS body` },
    workload: [{ sql: 'SELECT party, count(*) FROM votes GROUP BY party' }],
    expected: ['votes (party)'],
  },
  {
    name: 'a sum over scattered rows of a key',
    tables: { sales: `${mix(60)} AS shop, ${mix(1000, 2)} AS amount` },
    workload: [{ sql: 'SELECT sum(amount) FROM sales WHERE shop = $1', parameters: [7] }],
    expected: ['sales (shop, amount)'],
    factor: 20,
  },
  {
    name: 'a sum of a column that is updated all the time',
    tables: { counters: `${mix(2000)} AS shop, ${mix(1000, 2)} AS amount` },
    workload: [
      { sql: 'SELECT sum(amount) FROM counters WHERE shop = $1', parameters: [7], calls: 500 },
      { sql: 'UPDATE counters SET amount = amount + 1 WHERE id = $1', parameters: [77], calls: 5000 },
    ],
    expected: ['counters (shop)'],
  },
  {
    name: 'a wide text of a key, which the index had better not hold',
    tables: { letters: `${mix(2000)} AS sender, ${WIDE} AS body` },
    workload: [{ sql: 'SELECT body FROM letters WHERE sender = $1', parameters: [7] }],
    expected: ['letters (sender)'],
  },
  {
    name: 'the rows of a key in a list of states, in order',
    tables: {
      tickets: `${mix(30)} AS team, (ARRAY['new', 'open', 'done', 'gone'])[1 + ${mix(4, 2)}] AS state,
        ${minute(mix(20_000, 3))} AS at`,
    },
    workload: [
      {
        sql: "SELECT id, filler FROM tickets WHERE team = $1 AND state IN ('new', 'open') ORDER BY at LIMIT 10",
        parameters: [7],
      },
    ],
    expected: ["tickets (team, at) WHERE state IN ('new', 'open')"],
  },
];
