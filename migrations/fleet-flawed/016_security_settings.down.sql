DROP TABLE security_settings_audit;
DROP TABLE security_settings;
