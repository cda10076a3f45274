-- Requests of each token and address in the window under way, counted by all replicas together. Written with every
-- request and worth nothing after a crash, so it stays out of the WAL.

CREATE UNLOGGED TABLE http_rate_limits (
    key varchar(255) PRIMARY KEY,
    points integer NOT NULL DEFAULT 0,
    -- Milliseconds since 1970.
    expire bigint
) WITH (fillfactor = 50);
