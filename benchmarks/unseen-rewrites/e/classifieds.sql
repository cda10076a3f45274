-- name: inbox-with-last-message
-- worthwhile: rewrite
-- why: numbers the messages of all chats to show the last ones of one buyer's chats
-- calls: 3000
SELECT c.id, c.listing_id, c.seller_id, x.body, x.sent_at
FROM chats c
JOIN (SELECT m.chat_id, m.body, m.sent_at, row_number() OVER (PARTITION BY m.chat_id ORDER BY m.sent_at DESC, m.id DESC) AS rn FROM chat_messages m) x
  ON x.chat_id = c.id AND x.rn = 1
WHERE c.buyer_id = 1241;
-- better:
SELECT c.id, c.listing_id, c.seller_id, x.body, x.sent_at
FROM chats c
CROSS JOIN LATERAL (SELECT m.body, m.sent_at FROM chat_messages m WHERE m.chat_id = c.id ORDER BY m.sent_at DESC, m.id DESC LIMIT 1) x
WHERE c.buyer_id = 1241;
-- variation:
UPDATE chat_messages SET sent_at = '2024-01-01' WHERE id % 3 = 0;

-- name: chats-of-an-account
-- worthwhile: no
-- why: buyer and seller have an index each, which a bitmap unites
-- calls: 2500
SELECT c.id, c.listing_id, c.opened_at FROM chats c WHERE (c.buyer_id = 2101 OR c.seller_id = 2101) AND c.archived_at IS NULL ORDER BY c.opened_at DESC;

-- name: last-message-of-one-chat
-- worthwhile: no
-- why: the chat is the partition, so that its condition is asked within
-- calls: 2500
SELECT x.body, x.sent_at FROM (SELECT m.chat_id, m.body, m.sent_at, row_number() OVER (PARTITION BY m.chat_id ORDER BY m.sent_at DESC, m.id DESC) AS rn FROM chat_messages m) x WHERE x.rn = 1 AND x.chat_id = 431;

-- name: unread-badge
-- worthwhile: no
-- why: a few chats, their messages by index
-- calls: 9000
SELECT count(*) FROM chat_messages m JOIN chats c ON c.id = m.chat_id WHERE (c.buyer_id = 877 OR c.seller_id = 877) AND m.sender_id <> 877 AND m.read_at IS NULL;

-- name: my-listings-with-favourites
-- worthwhile: index
-- why: who likes a listing is not found by the primary key, which begins with the account
-- calls: 900
SELECT l.id, l.title, l.state, (SELECT count(*) FROM favourites f WHERE f.listing_id = l.id) AS likes FROM listings l WHERE l.account_id = 2755 ORDER BY l.id;
-- index:
CREATE INDEX ON favourites (listing_id);

-- name: demand-of-a-category
-- worthwhile: rewrite
-- why: offers and messages of a listing multiply each other before they are counted apart
-- calls: 60
SELECT l.id, l.title, count(DISTINCT o.id) AS offers, count(DISTINCT c.id) AS chats, count(DISTINCT m.id) AS messages
FROM listings l
LEFT JOIN offers o ON o.listing_id = l.id
LEFT JOIN chats c ON c.listing_id = l.id
LEFT JOIN chat_messages m ON m.chat_id = c.id
WHERE l.category_id = 7 AND l.state = 'active'
GROUP BY l.id;
-- better:
SELECT l.id, l.title,
       (SELECT count(*) FROM offers o WHERE o.listing_id = l.id) AS offers,
       (SELECT count(*) FROM chats c WHERE c.listing_id = l.id) AS chats,
       (SELECT count(*) FROM chats c JOIN chat_messages m ON m.chat_id = c.id WHERE c.listing_id = l.id) AS messages
FROM listings l
WHERE l.category_id = 7 AND l.state = 'active';

-- name: my-listings-without-photo
-- worthwhile: rewrite
-- why: hashes the photos of all listings to look up a few
-- calls: 700
SELECT l.id, l.title FROM listings l WHERE l.account_id = 1741 AND l.state <> 'removed' AND l.id NOT IN (SELECT p.listing_id FROM photos p);
-- better:
SELECT l.id, l.title FROM listings l WHERE l.account_id = 1741 AND l.state <> 'removed' AND NOT EXISTS (SELECT 1 FROM photos p WHERE p.listing_id = l.id);
-- variation:
DELETE FROM photos WHERE listing_id % 2 = 0;

-- name: active-without-open-flags
-- worthwhile: no
-- why: the few open flags are hashed once
-- calls: 40
SELECT count(*), avg(l.price_cents) FROM listings l WHERE l.state = 'active' AND l.id NOT IN (SELECT f.listing_id FROM flags f WHERE f.handled_at IS NULL AND f.reason = 'fraud' AND f.listing_id IS NOT NULL);

-- name: far-page-of-the-admin-list
-- worthwhile: rewrite
-- why: fetches and joins forty thousand listings that the offset throws away, where the index alone could count them off
-- calls: 120
-- ordered: yes
SELECT l.id, l.title, l.body, a.nickname, g.name AS category
FROM listings l
JOIN accounts a ON a.id = l.account_id
JOIN categories g ON g.id = l.category_id
ORDER BY l.published_at DESC, l.id DESC
OFFSET 40000 LIMIT 25;
-- better:
SELECT l.id, l.title, l.body, a.nickname, g.name AS category
FROM (SELECT k.id FROM listings k ORDER BY k.published_at DESC, k.id DESC OFFSET 40000 LIMIT 25) t
JOIN listings l ON l.id = t.id
JOIN accounts a ON a.id = l.account_id
JOIN categories g ON g.id = l.category_id
ORDER BY l.published_at DESC, l.id DESC;
-- variation:
UPDATE listings SET published_at = NULL WHERE id % 2 = 0;

-- name: next-page-by-key
-- worthwhile: rewrite
-- why: the index is read from its end, as an OR is no place to start from
-- calls: 2200
-- ordered: yes
SELECT l.id, l.title, l.price_cents, l.published_at FROM listings l
WHERE l.published_at < '2023-08-15 10:00' OR (l.published_at = '2023-08-15 10:00' AND l.id < 27150)
ORDER BY l.published_at DESC, l.id DESC LIMIT 30;
-- better:
SELECT l.id, l.title, l.price_cents, l.published_at FROM listings l
WHERE (l.published_at, l.id) < (timestamp '2023-08-15 10:00', 27150)
ORDER BY l.published_at DESC, l.id DESC LIMIT 30;
-- variation:
UPDATE listings SET published_at = '2023-08-15 10:00' WHERE id BETWEEN 27100 AND 27200;

-- name: open-latest-offers
-- worthwhile: rewrite
-- why: looks for the latest offer of a listing once for each of its offers
-- calls: 30
SELECT o.id, o.listing_id, o.buyer_id, o.amount_cents FROM offers o
WHERE o.state = 'open' AND o.made_at = (SELECT max(n.made_at) FROM offers n WHERE n.listing_id = o.listing_id);
-- better:
SELECT o.id, o.listing_id, o.buyer_id, o.amount_cents FROM offers o
JOIN (SELECT n.listing_id, max(n.made_at) AS made_at FROM offers n GROUP BY n.listing_id) t ON t.listing_id = o.listing_id AND t.made_at = o.made_at
WHERE o.state = 'open';
-- variation:
UPDATE offers SET made_at = '2025-01-01', state = 'open' WHERE id % 5 = 0;

-- name: stars-of-a-seller
-- worthwhile: rewrite
-- why: averages all sellers, keeps the one whose address is asked for
-- calls: 1800
SELECT a.id, a.nickname, s.average, s.ratings
FROM accounts a
JOIN (SELECT r.ratee_id, avg(r.stars) AS average, count(*) AS ratings FROM ratings r GROUP BY r.ratee_id) s ON s.ratee_id = a.id
WHERE a.email IN ('member1001@mail.example', 'member1001@post.example', 'member1001@web.example');
-- better:
SELECT a.id, a.nickname, s.average, s.ratings
FROM accounts a
CROSS JOIN LATERAL (SELECT avg(r.stars) AS average, count(*) AS ratings FROM ratings r WHERE r.ratee_id = a.id) s
WHERE a.email IN ('member1001@mail.example', 'member1001@post.example', 'member1001@web.example') AND s.ratings > 0;
-- variation:
DELETE FROM ratings WHERE ratee_id = 1001;

-- name: numbers-of-the-dashboard
-- worthwhile: rewrite
-- why: five numbers of one table, which one scan would count
-- calls: 300
SELECT (SELECT count(*) FROM listings WHERE state = 'active') AS active,
       (SELECT count(*) FROM listings WHERE state = 'sold') AS sold,
       (SELECT count(*) FROM listings WHERE state = 'removed') AS removed,
       (SELECT sum(price_cents) FROM listings WHERE state = 'sold') AS turnover,
       (SELECT count(*) FROM listings WHERE state = 'active' AND price_cents IS NULL) AS negotiable;
-- better:
SELECT count(*) FILTER (WHERE state = 'active') AS active,
       count(*) FILTER (WHERE state = 'sold') AS sold,
       count(*) FILTER (WHERE state = 'removed') AS removed,
       sum(price_cents) FILTER (WHERE state = 'sold') AS turnover,
       count(*) FILTER (WHERE state = 'active' AND price_cents IS NULL) AS negotiable
FROM listings;

-- name: what-happened-last
-- worthwhile: rewrite
-- why: makes all offers and chats distinct, which they are, to show the newest twenty
-- calls: 500
-- ordered: yes
SELECT 'offer' AS kind, o.id, o.listing_id, o.made_at AS at FROM offers o
UNION
SELECT 'chat', c.id, c.listing_id, c.opened_at FROM chats c
ORDER BY at DESC, kind, id LIMIT 20;
-- better:
(SELECT 'offer' AS kind, o.id, o.listing_id, o.made_at AS at FROM offers o ORDER BY o.made_at DESC, o.id LIMIT 20)
UNION ALL
(SELECT 'chat', c.id, c.listing_id, c.opened_at FROM chats c ORDER BY c.opened_at DESC, c.id LIMIT 20)
ORDER BY at DESC, kind, id LIMIT 20;
-- variation:
UPDATE offers SET made_at = (SELECT max(opened_at) FROM chats) WHERE id % 1000 = 0;

-- name: lively-chats
-- worthwhile: rewrite
-- why: counts every message of a chat to learn that there is one
-- calls: 45
SELECT c.id, c.buyer_id, c.seller_id FROM chats c
WHERE c.opened_at < '2023-04-01' AND (SELECT count(*) FROM chat_messages m WHERE m.chat_id = c.id AND m.sender_id = c.seller_id) > 0;
-- better:
SELECT c.id, c.buyer_id, c.seller_id FROM chats c
WHERE c.opened_at < '2023-04-01' AND EXISTS (SELECT 1 FROM chat_messages m WHERE m.chat_id = c.id AND m.sender_id = c.seller_id);
-- variation:
DELETE FROM chat_messages WHERE sent_at < '2023-06-01';

-- name: buyers-who-agreed
-- worthwhile: rewrite
-- why: joins every accepted offer to make the wide rows of their buyers distinct again
-- calls: 25
SELECT DISTINCT a.id, a.email, a.nickname, a.city, a.about FROM accounts a JOIN offers o ON o.buyer_id = a.id WHERE o.amount_cents > 1000;
-- better:
SELECT a.id, a.email, a.nickname, a.city, a.about FROM accounts a WHERE EXISTS (SELECT 1 FROM offers o WHERE o.buyer_id = a.id AND o.amount_cents > 1000);
-- variation:
UPDATE accounts SET nickname = 'same', city = NULL;

-- name: nickname-begins
-- worthwhile: index
-- why: a beginning in small letters is found by an index on just that
-- calls: 1500
SELECT a.id, a.nickname FROM accounts a WHERE lower(a.nickname) LIKE 'tarik88%' LIMIT 10;
-- index:
CREATE INDEX ON accounts (lower(nickname) text_pattern_ops);

-- name: listings-running-out
-- worthwhile: index
-- why: the active ones of an hour are found by an index on when they end
-- calls: 700
SELECT l.id, l.account_id, l.expires_at FROM listings l WHERE l.state = 'active' AND l.expires_at >= '2024-06-01 08:00' AND l.expires_at < '2024-06-01 20:00';
-- index:
CREATE INDEX ON listings (expires_at) WHERE state = 'active';

-- name: by-brand
-- worthwhile: index
-- why: an attribute within jsonb is read of each listing
-- calls: 800
SELECT l.id, l.title, l.price_cents FROM listings l WHERE l.attributes @> '{"brand": "brand 1073"}';
-- index:
CREATE INDEX ON listings USING gin (attributes jsonb_path_ops);

-- name: favourites-still-for-sale
-- worthwhile: no
-- why: a few keys, gathered into an array first
-- calls: 1300
SELECT l.id, l.title, l.price_cents FROM listings l WHERE l.id = ANY (ARRAY(SELECT f.listing_id FROM favourites f WHERE f.account_id = 311)) AND l.state = 'active';

-- name: listings-nobody-offers-for
-- worthwhile: no
-- why: an anti-join over two whole tables
-- calls: 10
SELECT g.name, count(*) FROM listings l JOIN categories g ON g.id = l.category_id LEFT JOIN offers o ON o.listing_id = l.id WHERE o.id IS NULL AND l.state = 'active' GROUP BY g.name;

-- name: listings-below-a-category
-- worthwhile: no
-- why: walks the small tree once; a good part of the listings lies below
-- calls: 600
WITH RECURSIVE below AS (
  SELECT g.id FROM categories g WHERE g.slug = 'category-1'
  UNION ALL
  SELECT g.id FROM below b JOIN categories g ON g.parent_id = b.id
)
SELECT l.id, l.title FROM listings l WHERE l.category_id IN (SELECT b.id FROM below b) AND l.state = 'active';

-- name: middle-prices
-- worthwhile: no
-- why: needs all prices of each category
-- calls: 12
SELECT l.category_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY l.price_cents) AS middle FROM listings l WHERE l.state = 'sold' GROUP BY l.category_id;

-- name: listings-offered-anything-for
-- worthwhile: no
-- why: GROUP BY names the key, the rest of the row hangs on it; HAVING wants the sums
-- calls: 15
SELECT l.id, l.title, l.price_cents, max(o.amount_cents) AS best FROM listings l JOIN offers o ON o.listing_id = l.id WHERE l.account_id = 2755 GROUP BY l.id, l.title, l.price_cents HAVING max(o.amount_cents) >= l.price_cents;
