DROP TABLE IF EXISTS security_settings_audit;
DROP TABLE IF EXISTS security_settings;
