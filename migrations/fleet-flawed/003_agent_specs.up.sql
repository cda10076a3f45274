CREATE TABLE agent_specs (
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
