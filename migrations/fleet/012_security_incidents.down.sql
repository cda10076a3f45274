DROP TABLE IF EXISTS security_incidents;
