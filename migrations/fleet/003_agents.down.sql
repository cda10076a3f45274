DROP TABLE IF EXISTS agent_subsystems;
DROP TABLE IF EXISTS agent_specs;
DROP TABLE IF EXISTS agents;
