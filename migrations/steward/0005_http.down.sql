DROP TABLE http_rate_limits;
