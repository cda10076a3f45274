import { minute, mix, type OwnCase } from './own-case.js';

/** Several statements over one table, which share an index or each want another. */
export const MIXTURES: readonly OwnCase[] = [
  {
    name: 'a key alone and a key with a second one',
    tables: { bookings: `${mix(500)} AS guest, ${mix(40, 2)} AS room` },
    workload: [
      { sql: 'SELECT filler FROM bookings WHERE guest = $1', parameters: [7] },
      { sql: 'SELECT filler FROM bookings WHERE guest = $1 AND room = $2', parameters: [7, 9] },
    ],
    expected: ['bookings (guest, room)'],
  },
  {
    name: 'an order up and the same order down',
    tables: { laptimes: `${mix(80)} AS driver, ${minute(mix(20_000, 2))} AS at` },
    workload: [
      { sql: 'SELECT filler FROM laptimes WHERE driver = $1 ORDER BY at LIMIT 5', parameters: [7] },
      { sql: 'SELECT filler FROM laptimes WHERE driver = $1 ORDER BY at DESC LIMIT 5', parameters: [9] },
    ],
    expected: ['laptimes (driver, at)'],
  },
  {
    name: 'two keys that are asked for apart',
    tables: { flights: `${mix(3000)} AS origin, ${mix(3000, 2)} AS target` },
    workload: [
      { sql: 'SELECT filler FROM flights WHERE origin = $1', parameters: [7] },
      { sql: 'SELECT filler FROM flights WHERE target = $1', parameters: [9] },
    ],
    expected: ['flights (origin)', 'flights (target)'],
  },
  {
    name: 'two states with a time each',
    tables: {
      jobs: `(ARRAY['new', 'busy', 'done'])[CASE WHEN n % 200 = 0 THEN 1 WHEN n % 200 = 1 THEN 2 ELSE 3 END] AS state,
        ${minute(mix(20_000, 2))} AS made_at, ${minute(mix(20_000, 3))} AS begun_at`,
    },
    workload: [
      {
        sql: `SELECT id, filler FROM jobs WHERE (state = 'new' AND made_at < '2026-01-04')
                OR (state = 'busy' AND begun_at < '2026-01-04')`,
      },
    ],
    expected: ["jobs (begun_at) WHERE state = 'busy'", "jobs (made_at) WHERE state = 'new'"],
  },
  {
    name: 'a queue that is filled, claimed and finished',
    tables: { orders: `CASE WHEN n % 300 = 0 THEN 'open' ELSE 'done' END AS state, ${minute(mix(20_000, 2))} AS due` },
    workload: [
      { sql: "SELECT id FROM orders WHERE state = 'open' ORDER BY due LIMIT 10", calls: 1000 },
      { sql: "UPDATE orders SET state = 'done' WHERE id = $1", parameters: [300], calls: 2000 },
      { sql: "INSERT INTO orders VALUES (0, 'open', now(), 'x')", calls: 2000 },
    ],
    expected: ["orders (due) WHERE state = 'open'"],
    factor: 1.5,
  },
  {
    name: 'few open rows of a table into which closed ones are written',
    tables: { bills: `CASE WHEN n % 300 = 0 THEN 'open' ELSE 'paid' END AS state, ${minute(mix(20_000, 2))} AS due` },
    workload: [
      { sql: "SELECT id, filler FROM bills WHERE state = 'open' ORDER BY due LIMIT 10", calls: 50 },
      { sql: "INSERT INTO bills VALUES (0, 'paid', now(), 'x')", calls: 40_000 },
    ],
    expected: ["bills (due) WHERE state = 'open'"],
    factor: 1.05,
  },
  {
    name: 'rows that wait for a time and get it',
    tables: { pickups: `CASE WHEN n % 300 > 0 THEN ${minute('n')} END AS done_at, ${minute(mix(20_000, 2))} AS due` },
    workload: [
      { sql: 'SELECT id, filler FROM pickups WHERE done_at IS NULL ORDER BY due LIMIT 10', calls: 1000 },
      { sql: 'INSERT INTO pickups (id, due) VALUES (0, now())', calls: 2000 },
      { sql: 'UPDATE pickups SET done_at = now() WHERE id = $1', parameters: [77], calls: 2000 },
    ],
    expected: ['pickups (due) WHERE done_at IS NULL'],
    factor: 1.5,
  },
  {
    name: 'a key that is also the target of ON CONFLICT',
    tables: { wallets: "'w' || n AS address, n AS amount" },
    prepare: 'ALTER TABLE wallets ADD UNIQUE (address)',
    workload: [
      {
        sql: `INSERT INTO wallets VALUES (0, 'w77', 5, 'x') ON CONFLICT (address) DO UPDATE SET amount = excluded.amount`,
      },
      { sql: 'SELECT amount FROM wallets WHERE address = $1', parameters: ['w77'] },
    ],
    expected: [],
    obvious: 'wallets (address)',
  },
  {
    name: 'an equality or a pair of equalities',
    tables: { claims_made: `${mix(3000)} AS person, ${mix(80, 2)} AS town, ${mix(80, 3)} AS year` },
    workload: [
      {
        sql: 'SELECT filler FROM claims_made WHERE person = $1 OR (town = $2 AND year = $3)',
        parameters: [7, 8, 9],
      },
    ],
    expected: ['claims_made (person)', 'claims_made (year, town)'],
  },
  {
    name: 'a filter upon a subquery',
    tables: { hours: `${mix(3000)} AS worker, ${mix(60, 2)} AS minutes` },
    workload: [
      {
        sql: 'SELECT total FROM (SELECT worker, sum(minutes) AS total FROM hours GROUP BY worker) s WHERE worker = $1',
        parameters: [7],
      },
    ],
    expected: ['hours (worker)'],
  },
  {
    name: 'a year of a date by extract',
    tables: { births: "(date '1900-01-01' + n) AS day" },
    workload: [{ sql: 'SELECT filler FROM births WHERE extract(year FROM day) = 1930' }],
    expected: ['births ((EXTRACT(YEAR FROM day)))'],
  },
  {
    name: 'a value or null alike',
    tables: { parents: `nullif(${mix(4000)}, 0) AS owner` },
    workload: [{ sql: 'SELECT filler FROM parents WHERE owner IS NOT DISTINCT FROM $1', parameters: [7] }],
    expected: [],
    obvious: 'parents (owner)',
  },
  {
    name: 'an order by small letters',
    tables: { titles: `'Title ' || ${mix(20_000)} AS title` },
    workload: [{ sql: 'SELECT id, filler FROM titles ORDER BY lower(title) LIMIT 10' }],
    expected: ['titles ((lower(title)))'],
  },
  {
    name: 'rows of a CTE that is kept',
    tables: { edges: `${mix(4000)} AS source, ${mix(4000, 2)} AS sink` },
    workload: [
      {
        sql: `WITH near AS MATERIALIZED (SELECT sink FROM edges WHERE source = $1)
              SELECT e.filler FROM edges e JOIN near n ON e.source = n.sink`,
        parameters: [7],
      },
    ],
    expected: ['edges (source)'],
  },
];
