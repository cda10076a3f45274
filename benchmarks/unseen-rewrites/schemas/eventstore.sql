-- An event store of orders: streams, events, snapshots, commands, an outbox, sagas, and a read model that projections keep.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 8803) & 9007199254740991) % $3)::integer';
CREATE FUNCTION stream_key(bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS 'SELECT md5(''stream'' || $1)::uuid';

CREATE TABLE tenants (id integer PRIMARY KEY, slug text NOT NULL UNIQUE, region text NOT NULL);
INSERT INTO tenants SELECT i, 'tenant-' || i, (ARRAY['eu', 'us', 'ap'])[1 + i % 3] FROM generate_series(1, 400) i;

CREATE TABLE streams (id uuid PRIMARY KEY, tenant_id integer NOT NULL REFERENCES tenants, category text NOT NULL, version integer NOT NULL, created_at timestamptz NOT NULL, archived_at timestamptz);
INSERT INTO streams
SELECT stream_key(i), CASE WHEN pick(i, 1, 4) = 0 THEN 1 ELSE 1 + pick(i, 2, 400) END, (ARRAY['order', 'order', 'order', 'cart', 'shipment'])[1 + pick(i, 3, 5)], 0, timestamptz '2024-01-01 00:00+00' + make_interval(mins => i * 7),
       CASE WHEN pick(i, 4, 3) = 0 THEN timestamptz '2024-06-01 00:00+00' + make_interval(mins => i * 7) END
FROM generate_series(1, 40000) i;
CREATE INDEX streams_tenant_idx ON streams (tenant_id);

CREATE TABLE events (position bigint PRIMARY KEY, stream_id uuid NOT NULL REFERENCES streams, version integer NOT NULL, type text NOT NULL, payload jsonb NOT NULL, metadata jsonb NOT NULL, recorded_at timestamptz NOT NULL, UNIQUE (stream_id, version));
INSERT INTO events
SELECT i, stream_key(1 + at), row_number() OVER (PARTITION BY at ORDER BY i), CASE WHEN pick(i, 12, 400) = 0 THEN 'PaymentDisputed' ELSE (ARRAY['ItemAdded', 'ItemAdded', 'ItemAdded', 'ItemRemoved', 'AddressChanged', 'PaymentFailed', 'Paid', 'Shipped'])[1 + pick(i, 13, 8)] END,
       jsonb_build_object('sku', 'SKU-' || pick(i, 14, 4000), 'quantity', 1 + pick(i, 15, 5), 'price', pick(i, 16, 9000)), jsonb_build_object('correlation_id', 'c-' || i / 3, 'user', 'u' || pick(i, 17, 5000)),
       timestamptz '2024-01-01 00:00+00' + make_interval(secs => i / 4 * 5)
FROM (SELECT i, pick(i, 11, 200) * pick(i, 18, 200) AS at FROM generate_series(1, 200000) i) s;
CREATE INDEX events_recorded_idx ON events (recorded_at, position);
CREATE INDEX events_type_idx ON events (type);
CREATE INDEX events_payload_idx ON events USING gin (payload jsonb_path_ops);
UPDATE streams s SET version = e.version FROM (SELECT stream_id, max(version) AS version FROM events GROUP BY stream_id) e WHERE e.stream_id = s.id;

CREATE TABLE snapshots (stream_id uuid NOT NULL REFERENCES streams, version integer NOT NULL, state jsonb NOT NULL, taken_at timestamptz NOT NULL, PRIMARY KEY (stream_id, version));
INSERT INTO snapshots SELECT s.id, v, jsonb_build_object('lines', v, 'status', 'open'), s.created_at + make_interval(mins => v * 60)
FROM streams s, generate_series(5, s.version, 5) v WHERE s.version < 200;

CREATE TABLE commands (id bigint PRIMARY KEY, stream_id uuid NOT NULL REFERENCES streams, kind text NOT NULL, issued_by text NOT NULL, issued_at timestamptz NOT NULL, idempotency_key text UNIQUE, outcome text NOT NULL);
INSERT INTO commands
SELECT i, stream_key(1 + pick(i, 21, 40000)), (ARRAY['AddItem', 'AddItem', 'Pay', 'Ship', 'Cancel'])[1 + pick(i, 22, 5)], 'u' || pick(i, 23, 5000), timestamptz '2024-01-01 00:00+00' + make_interval(secs => i * 9), CASE WHEN pick(i, 24, 5) > 0 THEN 'k-' || md5(i::text) END, (ARRAY['accepted', 'accepted', 'accepted', 'rejected'])[1 + pick(i, 25, 4)]
FROM generate_series(1, 110000) i;

CREATE TABLE outbox (id bigint PRIMARY KEY, event_position bigint NOT NULL REFERENCES events, topic text NOT NULL, status text NOT NULL CHECK (status IN ('pending', 'failed', 'sent')), attempts integer NOT NULL, next_attempt_at timestamptz, body text NOT NULL);
INSERT INTO outbox
SELECT i, i, (ARRAY['orders', 'orders', 'stock', 'mail'])[1 + pick(i, 31, 4)], CASE WHEN i > 172000 THEN 'pending' WHEN pick(i, 32, 4) = 0 THEN 'failed' ELSE 'sent' END, pick(i, 33, 4), CASE WHEN i > 172000 OR pick(i, 32, 4) = 0 THEN timestamptz '2024-01-03 00:00+00' + make_interval(secs => i / 4 * 5) END, repeat('body ', 12) || i
FROM generate_series(1, 180000) i;

CREATE TABLE sagas (id integer PRIMARY KEY, stream_id uuid NOT NULL REFERENCES streams, kind text NOT NULL, state text NOT NULL, due_at timestamptz, done_at timestamptz);
INSERT INTO sagas
SELECT i, stream_key(1 + pick(i, 41, 40000)), (ARRAY['payment', 'fulfilment', 'refund'])[1 + pick(i, 42, 3)], CASE WHEN pick(i, 43, 9) = 0 THEN 'waiting' ELSE 'done' END, CASE WHEN pick(i, 44, 4) > 0 THEN timestamptz '2024-01-01 00:00+00' + make_interval(mins => i * 6) END, CASE WHEN pick(i, 43, 9) > 0 THEN timestamptz '2024-01-02 00:00+00' + make_interval(mins => i * 6) END
FROM generate_series(1, 50000) i;
CREATE INDEX sagas_stream_idx ON sagas (stream_id);

CREATE TABLE order_view (stream_id uuid PRIMARY KEY REFERENCES streams, customer_id integer NOT NULL, status text NOT NULL, total numeric(10, 2), labels text[] NOT NULL, last_position bigint);
INSERT INTO order_view
SELECT stream_key(i), 1 + pick(i, 51, 9000), (ARRAY['open', 'paid', 'shipped', 'shipped', 'cancelled'])[1 + pick(i, 52, 5)], CASE WHEN pick(i, 53, 12) > 0 THEN pick(i, 54, 90000) / 100.0 END, ARRAY['l' || pick(i, 55, 300), 'l' || pick(i, 56, 300)], CASE WHEN pick(i, 57, 9) > 0 THEN 1 + pick(i, 58, 200000) END
FROM generate_series(1, 40000) i;
CREATE INDEX order_view_customer_idx ON order_view (customer_id);

CREATE TABLE checkpoints (projection text PRIMARY KEY, position bigint NOT NULL, updated_at timestamptz NOT NULL);
INSERT INTO checkpoints SELECT 'projection-' || i, 199000 + i * 20, timestamptz '2024-01-04 00:00+00' FROM generate_series(1, 30) i;
DROP FUNCTION stream_key;
DROP FUNCTION pick;
