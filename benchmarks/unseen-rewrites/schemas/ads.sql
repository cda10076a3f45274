-- An advertising network: campaigns, ad groups with keywords, creatives, impressions, clicks, conversions, daily statistics.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 5227) & 9007199254740991) % $3)::integer';

CREATE TABLE advertisers (id integer PRIMARY KEY, name text NOT NULL, country char(2) NOT NULL, status text NOT NULL, credit_limit numeric(12, 2));
INSERT INTO advertisers SELECT i, 'Advertiser ' || i, (ARRAY['DE', 'FR', 'US', 'US', 'GB', 'PL'])[1 + i % 6], CASE WHEN i % 9 = 0 THEN 'suspended' ELSE 'active' END, CASE WHEN i % 4 > 0 THEN 500 * (1 + i % 40) END
FROM generate_series(1, 1500) i;

CREATE TABLE campaigns (id integer PRIMARY KEY, advertiser_id integer NOT NULL REFERENCES advertisers, name text NOT NULL, objective text NOT NULL, status text NOT NULL, starts_on date NOT NULL, ends_on date);
INSERT INTO campaigns
SELECT i, 1 + pick(i, 1, 50) * pick(i, 2, 30), 'Campaign ' || i, (ARRAY['reach', 'traffic', 'sales'])[1 + pick(i, 3, 3)], (ARRAY['running', 'running', 'paused', 'ended', 'ended', 'draft'])[1 + pick(i, 4, 6)],
       date '2023-01-01' + i / 10, CASE WHEN pick(i, 5, 3) > 0 THEN date '2023-01-01' + i / 10 + 14 + pick(i, 6, 200) END
FROM generate_series(1, 6000) i;
CREATE INDEX campaigns_advertiser_idx ON campaigns (advertiser_id);

CREATE TABLE ad_groups (id integer PRIMARY KEY, campaign_id integer NOT NULL REFERENCES campaigns, name text NOT NULL, bid numeric(6, 2) NOT NULL, targeting jsonb NOT NULL);
INSERT INTO ad_groups
SELECT i, 1 + pick(i, 11, 6000), 'Group ' || i, 0.05 + pick(i, 12, 300) / 100.0,
       jsonb_build_object('geo', 'R' || pick(i, 13, 900), 'device', (ARRAY['any', 'mobile', 'desktop'])[1 + pick(i, 14, 3)], 'segments', jsonb_build_array('s' || pick(i, 15, 400), 's' || pick(i, 16, 400)), 'notes', repeat('x', pick(i, 17, 300)))
FROM generate_series(1, 60000) i;
CREATE INDEX ad_groups_campaign_idx ON ad_groups (campaign_id);
CREATE INDEX ad_groups_targeting_idx ON ad_groups USING gin (targeting jsonb_path_ops);

CREATE TABLE keywords (id integer PRIMARY KEY, ad_group_id integer NOT NULL REFERENCES ad_groups, phrase text NOT NULL, match_type text NOT NULL, is_negative boolean NOT NULL, bid numeric(6, 2));
INSERT INTO keywords
SELECT i, 1 + pick(i, 21, 12000), CASE WHEN pick(i, 22, 5) = 0 THEN initcap('buy shoes ') ELSE 'buy shoes ' END || pick(i, 23, 40), (ARRAY['exact', 'phrase', 'broad'])[1 + pick(i, 24, 3)], pick(i, 25, 11) = 0, CASE WHEN pick(i, 26, 3) > 0 THEN 0.1 + pick(i, 27, 90) / 100.0 END
FROM generate_series(1, 80000) i;
CREATE INDEX keywords_ad_group_idx ON keywords (ad_group_id);

CREATE TABLE creatives (id integer PRIMARY KEY, ad_group_id integer NOT NULL REFERENCES ad_groups, kind text NOT NULL, headline text NOT NULL, review_status text NOT NULL, reviewed_at timestamp, created_at timestamp NOT NULL);
INSERT INTO creatives
SELECT i, 1 + pick(i, 31, 60000), (ARRAY['text', 'image', 'image', 'video'])[1 + pick(i, 32, 4)], 'Headline ' || md5(i::text), CASE WHEN pick(i, 33, 150) = 0 THEN 'pending' WHEN pick(i, 33, 150) < 12 THEN 'rejected' ELSE 'approved' END,
       CASE WHEN pick(i, 33, 150) > 0 THEN timestamp '2023-01-01' + make_interval(mins => i * 11 + 500) END, timestamp '2023-01-01' + make_interval(mins => i * 11)
FROM generate_series(1, 70000) i;
CREATE INDEX creatives_ad_group_idx ON creatives (ad_group_id);

CREATE TABLE publishers (id integer PRIMARY KEY, name text NOT NULL, domain text NOT NULL UNIQUE, category text NOT NULL);
INSERT INTO publishers SELECT i, 'Publisher ' || i, 'site' || i || '.example', (ARRAY['news', 'sports', 'games', 'cooking', 'travel'])[1 + i % 5] FROM generate_series(1, 3000) i;

CREATE TABLE blocked_publishers (advertiser_id integer NOT NULL REFERENCES advertisers, publisher_id integer NOT NULL REFERENCES publishers, PRIMARY KEY (advertiser_id, publisher_id));
INSERT INTO blocked_publishers SELECT 1 + pick(i, 41, 1500), 1 + pick(i, 42, 3000) FROM generate_series(1, 90000) i ON CONFLICT DO NOTHING;

CREATE TABLE impressions (id bigint PRIMARY KEY, creative_id integer NOT NULL REFERENCES creatives, publisher_id integer NOT NULL REFERENCES publishers, device text NOT NULL, country char(2), shown_at timestamp NOT NULL, cost numeric(8, 5) NOT NULL);
INSERT INTO impressions
SELECT i, 1 + pick(i, 51, 250) * pick(i, 52, 280), 1 + pick(i, 53, 60) * pick(i, 54, 50), (ARRAY['mobile', 'mobile', 'mobile', 'desktop', 'tablet', 'tv'])[1 + pick(i, 55, 6)], CASE WHEN pick(i, 56, 30) > 0 THEN (ARRAY['DE', 'FR', 'US', 'GB', 'PL'])[1 + pick(i, 57, 5)] END,
       timestamp '2024-03-01' + make_interval(secs => i * 20), pick(i, 58, 900) / 100000.0
FROM generate_series(1, 260000) i;
CREATE INDEX impressions_creative_idx ON impressions (creative_id);
CREATE INDEX impressions_shown_idx ON impressions (shown_at);

CREATE TABLE clicks (id integer PRIMARY KEY, impression_id bigint NOT NULL REFERENCES impressions, clicked_at timestamp NOT NULL CHECK (clicked_at BETWEEN '2000-01-01' AND '2100-01-01'), ip inet NOT NULL, is_valid boolean);
INSERT INTO clicks
SELECT i, 1 + (i::bigint * 4 + pick(i, 61, 9)) % 260000, timestamp '2024-03-01' + make_interval(secs => i * 80 + pick(i, 62, 100)), CASE WHEN pick(i, 63, 12) = 0 THEN inet '203.0.113.9' ELSE inet '10.0.0.0' + pick(i, 64, 9000) END, CASE WHEN pick(i, 65, 4) > 0 THEN pick(i, 66, 15) > 0 END
FROM generate_series(1, 62000) i;
CREATE INDEX clicks_impression_idx ON clicks (impression_id);
CREATE INDEX clicks_ip_idx ON clicks (ip, clicked_at);

CREATE TABLE conversions (id integer PRIMARY KEY, click_id integer NOT NULL REFERENCES clicks, kind text NOT NULL, value numeric(10, 2), happened_at timestamp NOT NULL);
INSERT INTO conversions SELECT i, 1 + pick(i, 71, 62000), (ARRAY['lead', 'signup', 'sale'])[1 + pick(i, 72, 3)], CASE WHEN pick(i, 73, 3) > 0 THEN 5 + pick(i, 74, 20000) / 100.0 END, timestamp '2024-03-01' + make_interval(mins => i * 6)
FROM generate_series(1, 13000) i;
CREATE INDEX conversions_click_idx ON conversions (click_id);

CREATE TABLE daily_stats (creative_id integer NOT NULL REFERENCES creatives, day date NOT NULL, impressions integer NOT NULL, clicks integer NOT NULL, spend numeric(10, 2) NOT NULL, PRIMARY KEY (creative_id, day));
INSERT INTO daily_stats
SELECT 1 + i % 7000 * 10, date '2023-08-01' + i / 7000 * 8 + pick(i, 81, 8), 100 + pick(i, 82, 9000), pick(i, 83, 120), pick(i, 84, 40000) / 100.0
FROM generate_series(0, 230000) i ON CONFLICT DO NOTHING;

CREATE TABLE budget_changes (id integer PRIMARY KEY, campaign_id integer NOT NULL REFERENCES campaigns, amount numeric(10, 2) NOT NULL, changed_at timestamp NOT NULL, changed_by text);
INSERT INTO budget_changes
SELECT i, 1 + pick(i, 91, 6000), 10 + pick(i, 92, 90) * 10, timestamp '2023-01-01' + make_interval(mins => i / 2 * 32), CASE WHEN pick(i, 93, 4) > 0 THEN 'user' || pick(i, 94, 300) END
FROM generate_series(1, 34000) i;
CREATE INDEX budget_changes_campaign_idx ON budget_changes (campaign_id);
DROP FUNCTION pick;
