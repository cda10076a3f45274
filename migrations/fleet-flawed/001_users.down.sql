DROP TABLE users;
DROP TABLE schema_migrations;
DROP EXTENSION "uuid-ossp";
