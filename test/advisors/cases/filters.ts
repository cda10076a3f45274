import { minute, mix, type OwnCase } from './own-case.js';

/** Conditions, the types of their columns and how they are written. */
export const FILTERS: readonly OwnCase[] = [
  {
    name: 'the rows of one key',
    tables: { invoices: `${mix(3000)} AS customer` },
    workload: [{ sql: 'SELECT * FROM invoices WHERE customer = $1', parameters: [17] }],
    expected: ['invoices (customer)'],
  },
  {
    name: 'two equalities, of which each alone leaves many rows',
    tables: { seats: `${mix(40)} AS hall, ${mix(60, 2)} AS place` },
    workload: [{ sql: 'SELECT filler FROM seats WHERE hall = $1 AND place = $2', parameters: [7, 9] }],
    expected: ['seats (place, hall)'],
  },
  {
    name: 'an equality and a range',
    tables: { payments: `${mix(40)} AS account, ${minute(mix(20_000, 2))} AS paid_at` },
    workload: [
      {
        sql: 'SELECT filler FROM payments WHERE account = $1 AND paid_at >= $2 AND paid_at < $3',
        parameters: [7, '2026-01-05', '2026-01-06'],
      },
    ],
    expected: ['payments (account, paid_at)'],
  },
  {
    name: 'a short time',
    tables: { alarms: `${minute(mix(20_000), 'timestamptz')} AS raised_at` },
    workload: [
      {
        sql: 'SELECT * FROM alarms WHERE raised_at >= $1 AND raised_at < $2',
        parameters: ['2026-01-05 10:00+00', '2026-01-05 11:00+00'],
      },
    ],
    expected: ['alarms (raised_at)'],
  },
  {
    name: 'either of two columns',
    tables: { transfers: `${mix(4000)} AS sender, ${mix(4000, 2)} AS receiver` },
    workload: [{ sql: 'SELECT filler FROM transfers WHERE sender = $1 OR receiver = $1', parameters: [77] }],
    expected: ['transfers (receiver)', 'transfers (sender)'],
  },
  {
    name: 'a list of keys',
    tables: { parcels: `'P' || ${mix(15_000)} AS tracking` },
    workload: [{ sql: 'SELECT * FROM parcels WHERE tracking IN ($1, $2, $3)', parameters: ['P77', 'P1234', 'P9999'] }],
    expected: ['parcels (tracking)'],
  },
  {
    name: 'an array of keys',
    tables: { labels: `${mix(8000)} AS batch` },
    workload: [{ sql: 'SELECT filler FROM labels WHERE batch = ANY ($1)', parameters: ['{5,50,500}'] }],
    expected: ['labels (batch)'],
  },
  {
    name: 'a list of pairs',
    tables: { cells: `${mix(150)} AS line, ${mix(130, 2)} AS place` },
    workload: [{ sql: 'SELECT filler FROM cells WHERE (line, place) IN ((1, 2), (30, 40), (77, 7))' }],
    expected: ['cells (line, place)'],
  },
  {
    name: 'an address in small letters',
    tables: { customers: `'User' || n || '@Example.org' AS email` },
    workload: [{ sql: 'SELECT * FROM customers WHERE lower(email) = $1', parameters: ['user77@example.org'] }],
    expected: ['customers ((lower(email)))'],
  },
  {
    name: 'a day by date_trunc',
    tables: { visits: `${minute('n * 7')} AS at` },
    workload: [{ sql: "SELECT filler FROM visits WHERE date_trunc('day', at) = $1", parameters: ['2026-02-01'] }],
    expected: ["visits ((date_trunc('day', at)))"],
  },
  {
    name: 'a member of a document',
    tables: { documents: `jsonb_build_object('ref', 'r' || ${mix(9000)}) AS body` },
    workload: [{ sql: "SELECT filler FROM documents WHERE body ->> 'ref' = $1", parameters: ['r77'] }],
    expected: ["documents ((body ->> 'ref'))"],
  },
  {
    name: 'texts that begin alike',
    tables: { articles: `'A-' || ${mix(20_000)} AS code` },
    workload: [{ sql: "SELECT filler FROM articles WHERE code LIKE 'A-123%'" }],
    expected: ['articles (code text_pattern_ops)'],
  },
  {
    name: 'a uuid',
    tables: { sessions: 'md5(n::text)::uuid AS token' },
    workload: [
      { sql: 'SELECT * FROM sessions WHERE token = $1', parameters: ['c4ca4238-a0b9-2382-0dcc-509a6f75849b'] },
    ],
    expected: ['sessions (token)'],
  },
  {
    name: 'a number with a fraction',
    tables: { quotes: `(${mix(9000)} / 100.0)::numeric(10, 2) AS price` },
    workload: [{ sql: 'SELECT filler FROM quotes WHERE price = $1', parameters: [12.34] }],
    expected: ['quotes (price)'],
  },
  {
    name: 'a text whatever its letters are',
    tables: { members: `('Name-' || ${mix(9000)})::citext AS login` },
    workload: [{ sql: 'SELECT filler FROM members WHERE login = $1', parameters: ['NAME-77'] }],
    expected: ['members (login)'],
  },
  {
    name: 'names that must be quoted',
    tables: { '"Order Lines"': `${mix(3000)} AS "Customer Id", n AS "order"` },
    workload: [{ sql: 'SELECT "order" FROM "Order Lines" WHERE "Customer Id" = $1', parameters: [17] }],
    expected: ['"Order Lines" ("Customer Id")'],
  },
  {
    name: 'tables of one name in two schemas',
    tables: { 'north.stock': `${mix(3000)} AS item, n AS shelf`, 'south.stock': `n AS item, ${mix(3000)} AS shelf` },
    workload: [
      { sql: 'SELECT filler FROM north.stock WHERE item = $1', parameters: [17] },
      { sql: 'SELECT filler FROM south.stock WHERE shelf = $1', parameters: [17] },
    ],
    expected: ['north.stock (item)', 'south.stock (shelf)'],
  },
  {
    name: 'two sums of two columns',
    tables: { boxes: `${mix(200)} AS wide, ${mix(200, 2)} AS high` },
    workload: [{ sql: 'SELECT filler FROM boxes WHERE wide + high = $1', parameters: [3] }],
    expected: ['boxes ((wide + high))'],
  },
  {
    name: 'a rare state that each call names',
    tables: { trials: `(ARRAY['lost', 'late', 'done'])[1 + least(${mix(150)}, 2)] AS state` },
    workload: [{ sql: 'SELECT filler FROM trials WHERE state = $1', parameters: ['lost'] }],
    expected: ['trials (state)'],
  },
  {
    name: 'a rare state by itself',
    tables: { probes_sent: `CASE WHEN ${mix(200)} = 0 THEN 'lost' ELSE 'back' END AS state` },
    workload: [{ sql: "SELECT id, filler FROM probes_sent WHERE state = 'lost'" }],
    expected: ['probes_sent (state)'],
  },
  {
    name: 'a rare state that the last rows have, under a bound',
    tables: {
      offers_open: `CASE WHEN n > 19900 THEN 'open' ELSE 'shut' END AS state, ${minute(mix(20_000, 2))} AS due`,
    },
    workload: [
      { sql: "SELECT id, filler FROM offers_open WHERE state = 'open' AND due < $1", parameters: ['2026-01-05'] },
    ],
    expected: ['offers_open (state)'],
  },
  {
    name: 'a rare state of a key that each call names',
    tables: { repairs: `${mix(40)} AS shop, CASE WHEN ${mix(150, 2)} = 0 THEN 'stuck' ELSE 'done' END AS state` },
    workload: [{ sql: "SELECT id, filler FROM repairs WHERE state = 'stuck' AND shop = $1", parameters: [7] }],
    expected: ["repairs (shop) WHERE state = 'stuck'"],
  },
  {
    name: 'a view with a condition upon it',
    tables: { deliveries: `${mix(3000)} AS driver, n % 2 AS kind` },
    prepare: 'CREATE VIEW open_deliveries AS SELECT * FROM deliveries WHERE kind = 0',
    workload: [{ sql: 'SELECT filler FROM open_deliveries WHERE driver = $1', parameters: [17] }],
    expected: ['deliveries (driver) WHERE kind = 0'],
  },
  {
    name: 'a view of a view of a join',
    tables: { tours: `${mix(4000)} AS van, n % 3 AS state`, stops: `${mix(20_000)} AS tour, ${mix(5000, 2)} AS town` },
    prepare: `CREATE VIEW open_tours AS SELECT * FROM tours WHERE state > 0;
      CREATE VIEW open_stops AS SELECT s.filler, t.van, s.town FROM stops s JOIN open_tours t ON t.id = s.tour`,
    workload: [{ sql: 'SELECT filler FROM open_stops WHERE town = $1', parameters: [17] }],
    expected: ['stops (town)'],
  },
  {
    name: 'every arm of a view of a UNION ALL',
    tables: { checkins: `${mix(3000)} AS guest`, checkouts: `${mix(3000)} AS guest` },
    prepare: `CREATE VIEW visits_all AS SELECT guest, filler FROM checkins UNION ALL SELECT guest, filler FROM checkouts`,
    workload: [{ sql: 'SELECT filler FROM visits_all WHERE guest = $1', parameters: [17] }],
    expected: ['checkins (guest)', 'checkouts (guest)'],
  },
  {
    name: 'a view in groups',
    tables: { fares: `${mix(2500)} AS rider, ${mix(90, 2)} AS amount` },
    prepare: 'CREATE VIEW fare_sums AS SELECT rider, sum(amount) AS total FROM fares GROUP BY rider',
    workload: [{ sql: 'SELECT total FROM fare_sums WHERE rider = $1', parameters: [17] }],
    expected: ['fares (rider)'],
  },
  {
    name: 'every arm of a UNION ALL',
    tables: { logins: `${mix(3000)} AS person`, logouts: `${mix(3000)} AS person` },
    workload: [
      {
        sql: 'SELECT filler FROM logins WHERE person = $1 UNION ALL SELECT filler FROM logouts WHERE person = $1',
        parameters: [17],
      },
    ],
    expected: ['logins (person)', 'logouts (person)'],
  },
  {
    name: 'a table in partitions',
    tables: { measures: `${mix(3000)} AS meter, ${minute('n')} AS at` },
    prepare: `ALTER TABLE measures RENAME TO flat;
      CREATE TABLE measures (LIKE flat) PARTITION BY RANGE (at);
      CREATE TABLE measures_1 PARTITION OF measures FOR VALUES FROM (MINVALUE) TO ('2026-01-07');
      CREATE TABLE measures_2 PARTITION OF measures FOR VALUES FROM ('2026-01-07') TO (MAXVALUE);
      INSERT INTO measures SELECT * FROM flat;
      DROP TABLE flat`,
    workload: [{ sql: 'SELECT filler FROM measures WHERE meter = $1', parameters: [17] }],
    expected: ['measures (meter)'],
  },
];
