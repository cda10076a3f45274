/** Tables of a trade in goods, made from nothing, without indexes beyond their keys. */
export const TRADE_SCHEMA = `
  CREATE TABLE makers (id int PRIMARY KEY, country text NOT NULL, balance numeric NOT NULL);
  CREATE TABLE goods (id int PRIMARY KEY, kind text NOT NULL, brand text NOT NULL, size int NOT NULL);
  CREATE TABLE offers (good int NOT NULL REFERENCES goods, maker int NOT NULL REFERENCES makers, price numeric NOT NULL,
                       stock int NOT NULL, PRIMARY KEY (good, maker));
  CREATE TABLE buyers (id int PRIMARY KEY, phone text NOT NULL, balance numeric NOT NULL, segment text NOT NULL);
  CREATE TABLE sales (id int PRIMARY KEY, buyer int NOT NULL REFERENCES buyers, sold_on date NOT NULL, urgent boolean NOT NULL);
  CREATE TABLE lines (sale int NOT NULL REFERENCES sales, place int NOT NULL, good int NOT NULL, maker int NOT NULL,
                      quantity int NOT NULL, amount numeric NOT NULL, shipped_on date NOT NULL, received_on date NOT NULL,
                      due_on date NOT NULL, PRIMARY KEY (sale, place));
  INSERT INTO makers SELECT n, 'land ' || n % 25, (n * 7919 % 10000)::numeric / 10 FROM generate_series(1, 200) AS n;
  INSERT INTO goods SELECT n, 'kind ' || n % 30, 'brand ' || n % 25, n % 50 FROM generate_series(1, 2000) AS n;
  INSERT INTO offers SELECT g, 1 + (g * 31 + k * 53) % 200, (g * 7919 % 5000 + k * 13)::numeric / 10, g * k % 1000
    FROM generate_series(1, 2000) AS g, generate_series(1, 4) AS k ON CONFLICT DO NOTHING;
  INSERT INTO buyers SELECT n, 10 + n % 25 || '-' || n, (n * 104729 % 20000)::numeric / 10 - 500, 'segment ' || n % 5 FROM generate_series(1, 3000) AS n;
  INSERT INTO sales SELECT n, 1 + n * 7919 % 2000, date '2024-01-01' + n % 700, n % 5 = 0 FROM generate_series(1, 15000) AS n;
  INSERT INTO lines SELECT s, k, 1 + (s * 31 + k * 7919) % 2000, 1 + (s * 17 + k * 53) % 200, 1 + (s * k) % 50, (s * k % 9000)::numeric / 10,
         date '2024-01-01' + (s + k) % 700, date '2024-01-01' + (s + k * 3) % 720, date '2024-01-01' + (s + k * 2) % 715
    FROM generate_series(1, 15000) AS s, generate_series(1, 4) AS k`;

/** One statement a shape. */
export const SHAPES: readonly { readonly name: string; readonly sql: string }[] = [
  {
    name: 'less than a share of the average of its good',
    sql: `SELECT sum(l.amount) / 7.0 AS yearly FROM lines l JOIN goods g ON g.id = l.good
           WHERE g.brand = 'brand 7' AND l.quantity < (SELECT 0.2 * avg(m.quantity) FROM lines m WHERE m.good = g.id)`,
  },
  {
    name: 'the lowest price of a good among makers of a country',
    sql: `SELECT m.id, g.id AS good, o.price FROM goods g JOIN offers o ON o.good = g.id JOIN makers m ON m.id = o.maker
           WHERE g.size = 15 AND o.price = (SELECT min(p.price) FROM offers p JOIN makers n ON n.id = p.maker
                                             WHERE p.good = g.id AND n.country <> 'land 3') ORDER BY m.balance DESC, g.id LIMIT 100`,
  },
  {
    name: 'more stock than half of what was sold',
    sql: `SELECT o.good, o.maker FROM offers o WHERE o.stock > (SELECT 0.5 * sum(l.quantity) FROM lines l
           WHERE l.good = o.good AND l.maker = o.maker AND l.shipped_on >= '2024-06-01' AND l.shipped_on < '2025-06-01')`,
  },
  {
    name: 'sales of a good through one channel or another',
    sql: `SELECT g.id FROM goods g WHERE g.size < 20 AND (EXISTS (SELECT 1 FROM lines l WHERE l.good = g.id AND l.quantity > 48)
              OR EXISTS (SELECT 1 FROM offers o WHERE o.good = g.id AND o.stock > 900))`,
  },
  {
    name: 'more than the average of its kind, counted against twice',
    sql: `SELECT l.sale, l.place FROM lines l WHERE l.quantity > 2 * (SELECT count(*) / 10.0 FROM lines m WHERE m.good = l.good)`,
  },
  {
    name: 'buyers with more than the average that never bought',
    sql: `SELECT left(b.phone, 2) AS code, count(*), sum(b.balance) FROM buyers b
           WHERE b.balance > (SELECT avg(c.balance) FROM buyers c WHERE c.segment = b.segment)
             AND b.id NOT IN (SELECT s.buyer FROM sales s WHERE s.urgent) GROUP BY 1`,
  },
  {
    name: 'the last sale of each buyer, three columns of it',
    sql: `SELECT b.id, (SELECT s.sold_on FROM sales s WHERE s.buyer = b.id ORDER BY s.sold_on DESC, s.id LIMIT 1) AS sold_on,
                 (SELECT s.urgent FROM sales s WHERE s.buyer = b.id ORDER BY s.sold_on DESC, s.id LIMIT 1) AS urgent,
                 (SELECT s.id FROM sales s WHERE s.buyer = b.id ORDER BY s.sold_on DESC, s.id LIMIT 1) AS sale FROM buyers b`,
  },
  {
    name: 'late lines of a sale whose other lines were in time',
    sql: `SELECT l.maker, count(*) FROM lines l WHERE l.received_on > l.due_on
             AND (SELECT count(*) FROM lines m WHERE m.sale = l.sale AND m.maker <> l.maker AND m.received_on > m.due_on) = 0 GROUP BY l.maker`,
  },
  {
    name: 'totals of each buyer by state, side by side',
    sql: `SELECT b.id, (SELECT count(*) FROM sales s WHERE s.buyer = b.id AND s.urgent) AS urgent,
                 (SELECT count(*) FROM sales s WHERE s.buyer = b.id AND NOT s.urgent) AS calm,
                 (SELECT max(s.sold_on) FROM sales s WHERE s.buyer = b.id) AS last FROM buyers b WHERE b.segment = 'segment 1'`,
  },
  {
    name: 'at least as dear as all other offers of its good',
    sql: `SELECT o.good, o.maker FROM offers o WHERE o.price >= ALL (SELECT p.price FROM offers p WHERE p.good = o.good)`,
  },
];
