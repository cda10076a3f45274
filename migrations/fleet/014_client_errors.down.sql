DROP TABLE IF EXISTS client_errors;
