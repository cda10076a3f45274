CREATE TABLE update_batches (
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
