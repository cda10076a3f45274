-- name: portfolio-valuation
-- worthwhile: rewrite
-- why: the prices of all instruments are numbered to keep the last of the few that are held
-- calls: 7400
SELECT p.instrument_id, i.symbol, p.quantity, last.close, p.quantity * last.close AS worth
FROM positions p
JOIN instruments i ON i.id = p.instrument_id
LEFT JOIN (SELECT instrument_id, close, row_number() OVER (PARTITION BY instrument_id ORDER BY day DESC) AS place FROM prices) last
  ON last.instrument_id = p.instrument_id AND last.place = 1
WHERE p.portfolio_id = 20417;
-- better:
SELECT p.instrument_id, i.symbol, p.quantity, last.close, p.quantity * last.close AS worth
FROM positions p
JOIN instruments i ON i.id = p.instrument_id
LEFT JOIN LATERAL (SELECT close FROM prices r WHERE r.instrument_id = p.instrument_id ORDER BY r.day DESC LIMIT 1) last ON true
WHERE p.portfolio_id = 20417;

-- name: highs-of-the-month
-- worthwhile: rewrite
-- why: the highest price of the days before is looked up for each day of each instrument, where a window has it
-- calls: 6
SELECT p.instrument_id, p.day, p.high,
       (SELECT max(q.high) FROM prices q WHERE q.instrument_id = p.instrument_id AND q.day BETWEEN p.day - 30 AND p.day) AS high_30
FROM prices p
WHERE p.instrument_id <= 200;
-- better:
SELECT p.instrument_id, p.day, p.high,
       max(p.high) OVER (PARTITION BY p.instrument_id ORDER BY p.day RANGE BETWEEN interval '30 days' PRECEDING AND CURRENT ROW) AS high_30
FROM prices p
WHERE p.instrument_id <= 200;

-- name: newest-customers-with-totals
-- worthwhile: rewrite
-- why: the orders of all customers are joined and grouped before fifty of them are kept
-- calls: 420
-- ordered: yes
SELECT c.id, c.name, c.email, c.created_at, count(DISTINCT p.id) AS portfolios, count(o.id) AS orders, max(o.placed_at) AS last_order
FROM customers c
LEFT JOIN portfolios p ON p.customer_id = c.id
LEFT JOIN orders o ON o.portfolio_id = p.id
GROUP BY c.id
ORDER BY c.created_at DESC, c.id DESC
LIMIT 50;
-- better:
SELECT c.id, c.name, c.email, c.created_at, count(DISTINCT p.id) AS portfolios, count(o.id) AS orders, max(o.placed_at) AS last_order
FROM (SELECT id, name, email, created_at FROM customers ORDER BY created_at DESC, id DESC LIMIT 50) c
LEFT JOIN portfolios p ON p.customer_id = c.id
LEFT JOIN orders o ON o.portfolio_id = p.id
GROUP BY c.id, c.name, c.email, c.created_at
ORDER BY c.created_at DESC, c.id DESC;

-- name: orders-touched-since
-- worthwhile: rewrite
-- why: the later of two times is computed of each order, where each of them has an index
-- calls: 2800
SELECT o.id, o.portfolio_id, o.status, o.placed_at, o.cancelled_at
FROM orders o
WHERE greatest(o.placed_at, o.cancelled_at) >= '2024-05-19';
-- better:
SELECT o.id, o.portfolio_id, o.status, o.placed_at, o.cancelled_at
FROM orders o
WHERE o.placed_at >= '2024-05-19' OR o.cancelled_at >= '2024-05-19';

-- name: orders-that-i-may-see
-- worthwhile: rewrite
-- why: own or by mandate: the OR keeps both indexes out and reads the orders of all
-- calls: 5100
SELECT o.id, o.instrument_id, o.side, o.quantity, o.status
FROM orders o
JOIN portfolios p ON p.id = o.portfolio_id
WHERE p.customer_id = 1801 OR p.id IN (SELECT m.portfolio_id FROM mandates m WHERE m.agent_id = 1801);
-- better:
SELECT o.id, o.instrument_id, o.side, o.quantity, o.status
FROM orders o
JOIN (SELECT p.id FROM portfolios p WHERE p.customer_id = 1801
      UNION
      SELECT m.portfolio_id FROM mandates m WHERE m.agent_id = 1801) p ON p.id = o.portfolio_id;

-- name: fees-in-euro
-- worthwhile: rewrite
-- why: the rate in force is sought for each trade, though a day has one for each currency
-- calls: 8
SELECT i.currency, sum(t.fee * (SELECT f.rate FROM fx_rates f WHERE f.currency = i.currency AND f.day <= t.executed_at::date ORDER BY f.day DESC LIMIT 1)) AS fees
FROM trades t
JOIN orders o ON o.id = t.order_id
JOIN instruments i ON i.id = o.instrument_id
WHERE t.executed_at >= '2024-01-01'
GROUP BY i.currency;
-- better:
SELECT g.currency, sum(g.fee * (SELECT f.rate FROM fx_rates f WHERE f.currency = g.currency AND f.day <= g.day ORDER BY f.day DESC LIMIT 1)) AS fees
FROM (SELECT i.currency, t.executed_at::date AS day, sum(t.fee) AS fee
      FROM trades t
      JOIN orders o ON o.id = t.order_id
      JOIN instruments i ON i.id = o.instrument_id
      WHERE t.executed_at >= '2024-01-01'
      GROUP BY i.currency, t.executed_at::date) g
GROUP BY g.currency;

-- name: sides-that-traded
-- worthwhile: rewrite
-- why: a count of distinct pairs sorts a record for each order, where they hash to a few thousand
-- calls: 70
SELECT count(DISTINCT (o.instrument_id, o.side)) FROM orders o WHERE o.status = 'filled';
-- better:
SELECT count(*) FROM (SELECT DISTINCT o.instrument_id, o.side FROM orders o WHERE o.status = 'filled') d;

-- name: sector-exposure
-- worthwhile: rewrite
-- why: portfolios and customers are joined, though nothing is taken of them and every position has one of each
-- calls: 130
SELECT i.sector, count(*) AS positions, sum(q.quantity) AS quantity
FROM positions q
JOIN portfolios p ON p.id = q.portfolio_id
JOIN customers c ON c.id = p.customer_id
JOIN instruments i ON i.id = q.instrument_id
WHERE i.exchange = 'XLON'
GROUP BY i.sector;
-- better:
SELECT i.sector, count(*) AS positions, sum(q.quantity) AS quantity
FROM positions q JOIN instruments i ON i.id = q.instrument_id
WHERE i.exchange = 'XLON'
GROUP BY i.sector;

-- name: cash-journal-page
-- worthwhile: rewrite
-- why: fifty thousand movements are joined with their portfolios and customers to be skipped
-- calls: 260
-- ordered: yes
SELECT m.id, m.booked_at, m.kind, m.amount, m.memo, p.name AS portfolio, c.name AS customer
FROM cash_movements m
JOIN portfolios p ON p.id = m.portfolio_id
JOIN customers c ON c.id = p.customer_id
ORDER BY m.booked_at, m.id
OFFSET 50000 LIMIT 50;
-- better:
SELECT m.id, m.booked_at, m.kind, m.amount, m.memo, p.name AS portfolio, c.name AS customer
FROM (SELECT id FROM cash_movements ORDER BY booked_at, id OFFSET 50000 LIMIT 50) page
JOIN cash_movements m ON m.id = page.id
JOIN portfolios p ON p.id = m.portfolio_id
JOIN customers c ON c.id = p.customer_id
ORDER BY m.booked_at, m.id;

-- name: movement-by-reference
-- worthwhile: index
-- why: the bank's reference has no index
-- calls: 4300
SELECT m.id, m.portfolio_id, m.amount, m.booked_at FROM cash_movements m WHERE m.reference = 'REF3644a684f9';
-- index:
CREATE INDEX ON cash_movements (reference);

-- name: alerts-to-fire
-- worthwhile: index
-- why: one alert in twenty is armed; an index of those by instrument
-- calls: 26000
SELECT a.id, a.customer_id, a.threshold FROM alerts a
WHERE a.instrument_id = 160 AND a.direction = 'above' AND a.threshold <= 71.5 AND a.fired_at IS NULL;
-- index:
CREATE INDEX ON alerts (instrument_id, direction, threshold) WHERE fired_at IS NULL;

-- name: order-book-bids
-- worthwhile: index
-- why: the orders of the busiest instrument are read and sorted for the best ten
-- calls: 18000
-- ordered: yes
SELECT o.id, o.limit_price, o.quantity, o.placed_at
FROM orders o
WHERE o.instrument_id = 42 AND o.side = 'buy' AND o.limit_price IS NOT NULL
ORDER BY o.limit_price DESC, o.placed_at, o.id
LIMIT 10;
-- index:
CREATE INDEX ON orders (instrument_id, side, limit_price DESC, placed_at, id);

-- name: fills-of-portfolio
-- worthwhile: index
-- why: the foreign key of the trades has no index
-- calls: 6900
SELECT t.id, t.price, t.quantity, t.fee, t.executed_at
FROM orders o JOIN trades t ON t.order_id = o.id
WHERE o.portfolio_id = 31007;
-- index:
CREATE INDEX ON trades (order_id);

-- name: chart-of-instrument
-- worthwhile: no
-- why: eighty rows of the primary key
-- calls: 22000
-- ordered: yes
SELECT day, high, low, close FROM prices WHERE instrument_id = 1207 ORDER BY day;

-- name: last-close
-- worthwhile: no
-- why: one row at the end of a range of the key, though by a subquery
-- calls: 31000
SELECT close FROM prices WHERE instrument_id = 88 AND day = (SELECT max(day) FROM prices WHERE instrument_id = 88);

-- name: turnover-by-month
-- worthwhile: no
-- why: every trade counts
-- calls: 12
SELECT date_trunc('month', executed_at) AS month, sum(price * quantity) AS turnover, sum(fee) AS fees FROM trades GROUP BY 1;

-- name: first-movements-page
-- worthwhile: no
-- why: the first page needs no skipping
-- calls: 1800
-- ordered: yes
SELECT m.id, m.booked_at, m.kind, m.amount, p.name AS portfolio
FROM cash_movements m JOIN portfolios p ON p.id = m.portfolio_id
ORDER BY m.booked_at, m.id LIMIT 50;

-- name: customers-of-the-morning
-- worthwhile: no
-- why: distinct, since a customer may order twice; both ends are looked up
-- calls: 90
SELECT DISTINCT p.customer_id
FROM orders o JOIN portfolios p ON p.id = o.portfolio_id
WHERE o.placed_at >= '2024-05-18 10:00' AND o.placed_at < '2024-05-18 12:00';

-- name: rate-of-day
-- worthwhile: no
-- why: one row at the end of a range of the key
-- calls: 50000
SELECT rate FROM fx_rates WHERE currency = 'USD' AND day <= '2024-03-31' ORDER BY day DESC LIMIT 1;

-- name: portfolios-by-mandate
-- worthwhile: no
-- why: an array of a few keys, made once
-- calls: 5000
SELECT p.id, p.name, p.opened_on FROM portfolios p
WHERE p.id = ANY (ARRAY(SELECT m.portfolio_id FROM mandates m WHERE m.agent_id = 1801)) AND p.closed_on IS NULL;
