-- The stream that everything else about packages is folded from. created_at is the agent's time of the event.
CREATE TABLE IF NOT EXISTS update_events (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id     uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    package_type text NOT NULL,
    package_name text NOT NULL,
    version_from text,
    version_to   text,
    severity     text NOT NULL DEFAULT 'moderate' CHECK (severity IN ('critical', 'important', 'moderate', 'low')),
    event_type   text NOT NULL CHECK (event_type IN ('discovered', 'updated', 'failed', 'ignored')),
    metadata     jsonb NOT NULL DEFAULT '{}',
    created_at   timestamptz NOT NULL DEFAULT now()
);

-- The last scan of each agent is the newest event of that agent: one index entry instead of a walk.
CREATE INDEX IF NOT EXISTS update_events_agent_id_created_at_idx ON update_events (agent_id, created_at DESC);

-- The fold and the history of a package read its events in their order.
CREATE INDEX IF NOT EXISTS update_events_package_idx ON update_events (agent_id, package_type, package_name, created_at);

-- The feed of the newest events of the whole fleet.
CREATE INDEX IF NOT EXISTS update_events_created_at_idx ON update_events (created_at);

-- Retention deletes old events; nothing may change one.
CREATE OR REPLACE FUNCTION refuse_event_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'update event % is immutable', OLD.id
        USING ERRCODE = 'restrict_violation', HINT = 'Append a new event instead.';
END
$$;

CREATE OR REPLACE TRIGGER update_events_immutable
    BEFORE UPDATE ON update_events FOR EACH ROW EXECUTE FUNCTION refuse_event_change();

-- One row per batch of events that an agent sent; error_details names the events that were rejected.
CREATE TABLE IF NOT EXISTS update_batches (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id        uuid REFERENCES agents (id) ON DELETE CASCADE,
    batch_size      integer NOT NULL CHECK (batch_size >= 0),
    processed_count integer NOT NULL DEFAULT 0 CHECK (processed_count >= 0),
    failed_count    integer NOT NULL DEFAULT 0 CHECK (failed_count >= 0),
    status          text NOT NULL DEFAULT 'processing' CHECK (status IN ('processing', 'completed', 'failed', 'cancelled')),
    error_details   jsonb NOT NULL DEFAULT '[]',
    completed_at    timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT update_batches_counts_fit CHECK (processed_count + failed_count <= batch_size)
);

CREATE INDEX IF NOT EXISTS update_batches_agent_id_created_at_idx ON update_batches (agent_id, created_at DESC);
