-- How far public.update_events is folded into current_package_state. Events bear their agent's time and a random key,
-- so neither tells which are new; the transaction that inserted a row does. It is found in the row's header, and a
-- transaction that commits late keeps its early number: see watermark.
CREATE TABLE fold_progress (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    -- Which server, database and table the figures are of: elsewhere they mean nothing, and everything is folded anew.
    origin text,
    -- The table's file: a rewrite of the table moves its rows, and the sweep under way begins again.
    filenode oid,
    -- Every event of a transaction below this one is folded; null where none is.
    watermark bigint,
    -- Of the sweep under way: the oldest transaction that was running when it began, its next watermark. Null: no sweep.
    horizon bigint,
    -- How far it has come: a row's place, or in the first sweep of all a key.
    swept_to tid,
    walked_to jsonb,
    end_block bigint
);

INSERT INTO fold_progress DEFAULT VALUES;

-- Events that are folded although their transaction is not below the watermark; few, and gone when it passes them.
CREATE TABLE fold_recent (
    event_id uuid PRIMARY KEY,
    xid bigint NOT NULL
);

-- Events that are set aside for good, until a rebuild tries them again.
CREATE TABLE fold_rejections (
    event_id uuid PRIMARY KEY,
    reason text NOT NULL,
    rejected_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
