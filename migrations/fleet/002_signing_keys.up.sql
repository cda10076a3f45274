-- Commands are signed, and agents verify them against the key that is named in the command.
CREATE TABLE IF NOT EXISTS signing_keys (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    key_id        text NOT NULL UNIQUE,
    algorithm     text NOT NULL DEFAULT 'ed25519' CHECK (algorithm IN ('ed25519')),
    public_key    text NOT NULL,
    is_active     boolean NOT NULL DEFAULT true,
    is_primary    boolean NOT NULL DEFAULT false,
    version       integer NOT NULL DEFAULT 1 CHECK (version > 0),
    deprecated_at timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT signing_keys_primary_is_active CHECK (is_active OR NOT is_primary)
);

-- The database, not the server, keeps a second primary key from appearing during a rotation.
CREATE UNIQUE INDEX IF NOT EXISTS signing_keys_one_primary_idx ON signing_keys (is_primary) WHERE is_primary;
