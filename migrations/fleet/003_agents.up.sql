-- One row per managed host. Every heartbeat writes last_seen, so there is room on each page for a HOT update and
-- no index on last_seen or status: a sweep over the whole table is cheaper than index entries for each heartbeat.
CREATE TABLE IF NOT EXISTS agents (
    id                  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    hostname            text NOT NULL,
    machine_id          text NOT NULL UNIQUE,
    os_type             text NOT NULL CHECK (os_type IN ('linux', 'windows', 'macos')),
    os_version          text,
    architecture        text NOT NULL DEFAULT 'x86_64',
    agent_version       text NOT NULL,
    status              text NOT NULL DEFAULT 'online' CHECK (status IN ('online', 'offline', 'error', 'decommissioned')),
    last_seen           timestamptz,
    is_updating         boolean NOT NULL DEFAULT false,
    updating_to_version text,
    update_initiated_at timestamptz,
    metadata            jsonb NOT NULL DEFAULT '{}',
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT agents_updating_to_known_version CHECK (NOT is_updating OR updating_to_version IS NOT NULL)
) WITH (fillfactor = 80);

-- The hardware as the agent last reported it.
CREATE TABLE IF NOT EXISTS agent_specs (
    id                 uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id           uuid NOT NULL UNIQUE REFERENCES agents (id) ON DELETE CASCADE,
    cpu_model          text,
    cpu_cores          integer CHECK (cpu_cores > 0),
    memory_total_bytes bigint CHECK (memory_total_bytes >= 0),
    disk_total_bytes   bigint CHECK (disk_total_bytes >= 0),
    ip_address         inet,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now()
);

-- What an agent scans, and how often.
CREATE TABLE IF NOT EXISTS agent_subsystems (
    id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id         uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    subsystem        text NOT NULL CHECK (subsystem IN ('updates', 'storage', 'system', 'docker', 'dnf', 'apt', 'winget', 'windows')),
    enabled          boolean NOT NULL DEFAULT true,
    auto_run         boolean NOT NULL DEFAULT false,
    interval_minutes integer NOT NULL DEFAULT 60 CHECK (interval_minutes BETWEEN 5 AND 10080),
    last_run_at      timestamptz,
    next_run_at      timestamptz,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    UNIQUE (agent_id, subsystem)
);

-- The scheduler looks for what is due.
CREATE INDEX IF NOT EXISTS agent_subsystems_due_idx ON agent_subsystems (next_run_at) WHERE enabled AND auto_run;
