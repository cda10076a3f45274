-- name: campaign-list-with-spend
-- worthwhile: rewrite
-- why: the materialized CTE sums the spend of all campaigns for those of one advertiser
-- calls: 3400
WITH spend AS MATERIALIZED (
  SELECT g.campaign_id, sum(d.impressions) AS impressions, sum(d.clicks) AS clicks, sum(d.spend) AS spend
  FROM daily_stats d
  JOIN creatives k ON k.id = d.creative_id
  JOIN ad_groups g ON g.id = k.ad_group_id
  GROUP BY g.campaign_id
)
SELECT c.id, c.name, c.status, s.impressions, s.clicks, s.spend
FROM campaigns c LEFT JOIN spend s ON s.campaign_id = c.id
WHERE c.advertiser_id = 421;
-- better:
SELECT c.id, c.name, c.status, s.impressions, s.clicks, s.spend
FROM campaigns c
LEFT JOIN LATERAL (
  SELECT sum(d.impressions) AS impressions, sum(d.clicks) AS clicks, sum(d.spend) AS spend
  FROM ad_groups g
  JOIN creatives k ON k.ad_group_id = g.id
  JOIN daily_stats d ON d.creative_id = k.id
  WHERE g.campaign_id = c.id
) s ON true
WHERE c.advertiser_id = 421;

-- name: budgets-in-force
-- worthwhile: rewrite
-- why: the newest change of a campaign is sought once for each of its changes
-- calls: 120
SELECT b.campaign_id, b.id, b.amount, b.changed_by
FROM budget_changes b
WHERE b.changed_at = (SELECT max(o.changed_at) FROM budget_changes o WHERE o.campaign_id = b.campaign_id);
-- better:
SELECT campaign_id, id, amount, changed_by
FROM (SELECT b.*, rank() OVER (PARTITION BY b.campaign_id ORDER BY b.changed_at DESC) AS place FROM budget_changes b) r
WHERE place = 1;
-- variation:
UPDATE budget_changes SET changed_at = '2026-01-01' WHERE id % 100 < 3;

-- name: device-tiles
-- worthwhile: rewrite
-- why: six subqueries read the same weeks of impressions, one for each tile
-- calls: 500
SELECT (SELECT count(*) FROM impressions WHERE shown_at >= '2024-04-01' AND device = 'mobile') AS mobile,
       (SELECT count(*) FROM impressions WHERE shown_at >= '2024-04-01' AND device = 'desktop') AS desktop,
       (SELECT count(*) FROM impressions WHERE shown_at >= '2024-04-01' AND device = 'tablet') AS tablet,
       (SELECT count(*) FROM impressions WHERE shown_at >= '2024-04-01' AND device = 'tv') AS tv,
       (SELECT sum(cost) FROM impressions WHERE shown_at >= '2024-04-01') AS cost;
-- better:
SELECT count(*) FILTER (WHERE device = 'mobile') AS mobile, count(*) FILTER (WHERE device = 'desktop') AS desktop,
       count(*) FILTER (WHERE device = 'tablet') AS tablet, count(*) FILTER (WHERE device = 'tv') AS tv, sum(cost) AS cost
FROM impressions WHERE shown_at >= '2024-04-01';

-- name: silent-creatives
-- worthwhile: rewrite
-- why: the join carries all impressions to find the creatives that have none
-- calls: 25
SELECT k.id, k.headline
FROM creatives k
LEFT JOIN impressions i ON i.creative_id = k.id
WHERE k.review_status = 'approved' AND k.kind = 'video'
GROUP BY k.id, k.headline
HAVING count(i.id) = 0;
-- better:
SELECT k.id, k.headline
FROM creatives k
WHERE k.review_status = 'approved' AND k.kind = 'video' AND NOT EXISTS (SELECT 1 FROM impressions i WHERE i.creative_id = k.id);

-- name: impressions-of-day
-- worthwhile: rewrite
-- why: the day is taken of each impression, past the index of its time
-- calls: 900
SELECT i.creative_id, count(*) AS shown, sum(i.cost) AS cost
FROM impressions i
WHERE i.shown_at::date = '2024-04-11'
GROUP BY i.creative_id;
-- better:
SELECT i.creative_id, count(*) AS shown, sum(i.cost) AS cost
FROM impressions i
WHERE i.shown_at >= '2024-04-11' AND i.shown_at < '2024-04-12'
GROUP BY i.creative_id;
-- variation:
UPDATE impressions SET shown_at = timestamp '2024-04-12' - interval '1 microsecond' * (id % 2) WHERE id % 500 = 0;

-- name: spend-of-last-days
-- worthwhile: rewrite
-- why: all of the daily statistics is read once more for each day of the chart
-- calls: 350
-- ordered: yes
SELECT d.day::date, (SELECT coalesce(sum(s.spend), 0) FROM daily_stats s WHERE s.day = d.day::date) AS spend
FROM generate_series(timestamp '2024-03-18', timestamp '2024-03-31', interval '1 day') AS d(day)
ORDER BY d.day;
-- better:
SELECT d.day::date, coalesce(s.spend, 0) AS spend
FROM generate_series(timestamp '2024-03-18', timestamp '2024-03-31', interval '1 day') AS d(day)
LEFT JOIN (SELECT day, sum(spend) AS spend FROM daily_stats WHERE day BETWEEN '2024-03-18' AND '2024-03-31' GROUP BY day) s ON s.day = d.day::date
ORDER BY d.day;

-- name: keywords-given-twice
-- worthwhile: rewrite
-- why: its likes are counted anew for each keyword
-- calls: 15
SELECT k.id, k.ad_group_id, k.phrase, k.match_type
FROM keywords k
WHERE NOT k.is_negative
  AND (SELECT count(*) FROM keywords o WHERE o.ad_group_id = k.ad_group_id AND o.match_type = k.match_type AND lower(o.phrase) = lower(k.phrase)) > 1;
-- better:
SELECT id, ad_group_id, phrase, match_type
FROM (SELECT k.*, count(*) OVER (PARTITION BY k.ad_group_id, k.match_type, lower(k.phrase)) AS likes FROM keywords k) k
WHERE NOT is_negative AND likes > 1;

-- name: click-bursts
-- worthwhile: rewrite
-- why: each click is joined with those of its address in the six hours before, which a window counts in passing
-- calls: 90
SELECT c.id, c.ip, c.clicked_at, count(*) AS in_six_hours
FROM clicks c
JOIN clicks e ON e.ip = c.ip AND e.clicked_at BETWEEN c.clicked_at - interval '6 hours' AND c.clicked_at
GROUP BY c.id, c.ip, c.clicked_at
HAVING count(*) >= 3;
-- better:
SELECT id, ip, clicked_at, in_six_hours
FROM (SELECT c.id, c.ip, c.clicked_at, count(*) OVER (PARTITION BY c.ip ORDER BY c.clicked_at RANGE BETWEEN interval '6 hours' PRECEDING AND CURRENT ROW) AS in_six_hours
      FROM clicks c) w
WHERE in_six_hours >= 3;

-- name: groups-of-region
-- worthwhile: rewrite
-- why: the text that is taken out of the document cannot use the index of it, containment can
-- calls: 2100
SELECT g.id, g.name, g.bid, c.name AS campaign
FROM ad_groups g JOIN campaigns c ON c.id = g.campaign_id
WHERE g.targeting ->> 'geo' = 'R512';
-- better:
SELECT g.id, g.name, g.bid, c.name AS campaign
FROM ad_groups g JOIN campaigns c ON c.id = g.campaign_id
WHERE g.targeting @> '{"geo": "R512"}';
-- variation:
UPDATE ad_groups SET targeting = CASE id % 4 WHEN 0 THEN '"R512"' WHEN 1 THEN '["R512"]' WHEN 2 THEN '{"geo": ["R512"]}' ELSE '{"geo": "R512", "x": 1}' END::jsonb WHERE id % 700 < 4;

-- name: review-queue
-- worthwhile: index
-- why: one creative in 150 waits for review; an index of those in the order of the queue
-- calls: 6100
-- ordered: yes
SELECT k.id, k.kind, k.headline, k.created_at
FROM creatives k WHERE k.review_status = 'pending' ORDER BY k.created_at, k.id LIMIT 25;
-- index:
CREATE INDEX ON creatives (created_at, id) WHERE review_status = 'pending';

-- name: keyword-collisions-of-phrase
-- worthwhile: index
-- why: the phrase is compared in lower case, for which there is no index
-- calls: 1900
SELECT k.id, k.ad_group_id, g.campaign_id, k.bid
FROM keywords k JOIN ad_groups g ON g.id = k.ad_group_id
WHERE lower(k.phrase) = 'buy shoes 17' AND k.match_type = 'exact' AND k.bid > 0.9;
-- index:
CREATE INDEX ON keywords (lower(phrase), match_type, bid);

-- name: ledger-of-day
-- worthwhile: index
-- why: the key begins with the creative, so that a day is sought in all of it
-- calls: 1300
SELECT d.creative_id, d.impressions, d.clicks, d.spend
FROM daily_stats d WHERE d.day = '2024-02-29' AND d.spend > 300;
-- index:
CREATE INDEX ON daily_stats (day);

-- name: creative-history
-- worthwhile: no
-- why: a range of the primary key
-- calls: 8000
-- ordered: yes
SELECT day, impressions, clicks, spend FROM daily_stats WHERE creative_id = 4411 AND day >= '2024-01-01' ORDER BY day;

-- name: budget-of-campaign
-- worthwhile: no
-- why: the newest of the few changes of one campaign
-- calls: 20000
SELECT b.amount FROM budget_changes b
WHERE b.campaign_id = 77 AND b.changed_at = (SELECT max(changed_at) FROM budget_changes WHERE campaign_id = 77);

-- name: funnel-of-month
-- worthwhile: no
-- why: one pass over clicks and conversions for all of them
-- calls: 10
SELECT date_trunc('day', c.clicked_at) AS day, count(*) AS clicks, count(v.id) AS conversions, sum(v.value) AS value
FROM clicks c LEFT JOIN conversions v ON v.click_id = c.id GROUP BY 1;

-- name: groups-with-device
-- worthwhile: no
-- why: a third of all groups target this device, and all have to be read
-- calls: 3
SELECT count(*) FROM ad_groups WHERE targeting ->> 'device' = 'mobile';

-- name: clicks-of-address
-- worthwhile: no
-- why: the index holds address and time
-- calls: 3000
SELECT count(*) FROM clicks WHERE ip = '10.0.4.17' AND clicked_at >= '2024-03-10';

-- name: keyword-counts
-- worthwhile: no
-- why: every keyword counts, in one pass
-- calls: 4
SELECT match_type, is_negative, count(*), max(bid) FROM keywords GROUP BY match_type, is_negative;

-- name: running-without-creative
-- worthwhile: no
-- why: the campaigns of one advertiser, each looked up in two indexes
-- calls: 700
SELECT c.id, c.name FROM campaigns c
WHERE c.advertiser_id = 301 AND c.status = 'running'
  AND NOT EXISTS (SELECT 1 FROM ad_groups g JOIN creatives k ON k.ad_group_id = g.id WHERE g.campaign_id = c.id);

-- name: publishers-still-open
-- worthwhile: no
-- why: NOT IN of a few dozen rows of a key, which are hashed once
-- calls: 1600
SELECT p.id, p.domain FROM publishers p
WHERE p.category = 'news' AND p.id NOT IN (SELECT b.publisher_id FROM blocked_publishers b WHERE b.advertiser_id = 421);
