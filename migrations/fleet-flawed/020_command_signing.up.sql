ALTER TABLE agent_commands ADD COLUMN key_id text REFERENCES signing_keys (key_id) ON DELETE RESTRICT;
ALTER TABLE agent_commands ADD COLUMN signature text;
ALTER TABLE agent_commands ADD COLUMN signed_at timestamptz;
