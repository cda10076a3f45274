import { type AccuracyCase, on, own } from './cases.js';

/** Statements on what schemas hold beside plain tables. */
export const harbourCases: readonly AccuracyCase[] = [
  own(
    'materialized-view',
    'SELECT * FROM harbour.quays WHERE quay = 3 AND fees > 300',
    on('harbour.quays', ['quay', 'fees']),
  ),
  own(
    'materialized-view-order',
    'SELECT * FROM harbour.quays ORDER BY fees DESC LIMIT 5',
    on('harbour.quays', ['fees desc']),
  ),
  own('view', "SELECT * FROM harbour.moored WHERE flag = 'malta' AND kg < 90", on('harbour.ships', ['state', 'kg'])),
  own(
    'view-security-barrier',
    'SELECT * FROM harbour.heavy_moored WHERE t = 85',
    on('harbour.ships', ['(harbour.tonnes(kg))']),
  ),
  own(
    'view-of-join',
    "SELECT * FROM harbour.visits WHERE name = 'Åsa4' AND at < '2024-06-01'",
    on('harbour.ships', ['name', 'id']),
  ),
  own(
    'function-inlined',
    'SELECT * FROM harbour.ships WHERE harbour.tonnes(kg) = 7',
    on('harbour.ships', ['(kg / 1000)']),
  ),
  own(
    'function-plpgsql',
    "SELECT * FROM harbour.ships WHERE harbour.folded(code) = 'ab20'",
    on('harbour.ships', ['(harbour.folded(code::text))']),
  ),
  own('function-set', 'SELECT * FROM harbour.calls_of(17) WHERE fee > 100', on('harbour.calls', ['ship_id', 'fee'])),
  own('domain', "SELECT * FROM harbour.ships WHERE code = 'AB20'", on('harbour.ships', ['code'])),
  own('domain-range', "SELECT count(*) FROM harbour.ships WHERE code > 'SA'", on('harbour.ships', ['code'])),
  own(
    'composite',
    "SELECT * FROM harbour.ships WHERE berth = ROW('q1', 1)::harbour.place",
    on('harbour.ships', ['berth']),
  ),
  own(
    'composite-field',
    "SELECT * FROM harbour.ships WHERE (berth).quay = 'q1' AND kg < 9000",
    on('harbour.ships', ['((berth).quay)', 'kg']),
  ),
  own(
    'citext',
    "SELECT * FROM harbour.ships WHERE flag = 'PANAMA' AND tonnes = 3",
    on('harbour.ships', ['flag', 'tonnes']),
  ),
  own(
    'collation',
    "SELECT * FROM harbour.ships WHERE name > 'Örn4' ORDER BY name DESC LIMIT 10",
    on('harbour.ships', ['name desc', 'id']),
  ),
  own('generated-column', 'SELECT * FROM harbour.ships WHERE tonnes = 12', on('harbour.ships', ['tonnes'])),
  own(
    'identity',
    'SELECT * FROM harbour.ships WHERE id BETWEEN 100 AND 200 AND kg < 40000',
    on('harbour.ships', ['kg', 'id']),
  ),
  own(
    'array-contains',
    "SELECT * FROM harbour.ships WHERE tags @> '{t3,t5}' AND kg < 500",
    on('harbour.ships', ['kg']),
  ),
  own(
    'array-gin',
    "SELECT * FROM harbour.ships WHERE ports @> '{7}'",
    on('harbour.ships', ['ports'], { method: 'gin' }),
  ),
  own(
    'array-overlap-gin',
    "SELECT * FROM harbour.ships WHERE ports && '{7,299}'",
    on('harbour.ships', ['ports'], { method: 'gin' }),
  ),
  own(
    'array-of-enum',
    "SELECT * FROM harbour.ships WHERE states @> '{due}' AND state = 'left' AND kg < 300",
    on('harbour.ships', ['state', 'kg']),
  ),
  own(
    'range-contains',
    'SELECT * FROM harbour.ships WHERE lengths @> 400 AND kg < 2000',
    on('harbour.ships', ['kg'], { include: ['lengths'] }),
  ),
  own('range-equal', "SELECT * FROM harbour.ships WHERE lengths = '[10,30)'", on('harbour.ships', ['lengths'])),
  own(
    'range-before',
    "SELECT * FROM harbour.ships WHERE lengths << '[20,30)' AND tonnes > 80",
    on('harbour.ships', ['tonnes']),
  ),
  own(
    'multirange',
    "SELECT * FROM harbour.ships WHERE nights @> date '2024-05-05' AND tonnes = 8",
    on('harbour.ships', ['tonnes']),
  ),
  own(
    'range-own-type',
    "SELECT * FROM harbour.ships WHERE depths && '[3,4]'::harbour.depths AND tonnes = 8",
    on('harbour.ships', ['tonnes']),
  ),
  own(
    'hstore',
    "SELECT * FROM harbour.ships WHERE papers -> 'k3' = 'v3'",
    on('harbour.ships', ["(papers OPERATOR(public.->) 'k3')"]),
  ),
  own('ltree', "SELECT * FROM harbour.ships WHERE route = 'a1.b1.c1'", on('harbour.ships', ['route'])),
  own(
    'text-search',
    "SELECT * FROM harbour.ships WHERE words @@ to_tsquery('simple', 'w7') AND kg < 5000",
    on('harbour.ships', ['kg']),
  ),
  own('partitions', 'SELECT * FROM harbour.calls WHERE quay = 3 AND fee > 890', on('harbour.calls', ['quay', 'fee'])),
  own(
    'partitions-pruned',
    "SELECT * FROM harbour.calls WHERE fee = 5 AND at BETWEEN '2025-02-01' AND '2025-03-01'",
    on('harbour.calls', ['fee']),
  ),
  own(
    'partitions-of-partitions',
    "SELECT * FROM harbour.calls WHERE at > '2026-01-05' AND quay = 1 AND ship_id < 300",
    on('harbour.calls', ['ship_id', 'at']),
  ),
  own('partitions-in-order', 'SELECT * FROM harbour.calls ORDER BY at DESC LIMIT 10', on('harbour.calls', ['at desc'])),
  own('partitions-grouped', 'SELECT quay, count(*) FROM harbour.calls GROUP BY quay', on('harbour.calls', ['quay'])),
  own(
    'partitions-partial',
    'SELECT * FROM harbour.calls WHERE quay = 3 AND fee > 800',
    on('harbour.calls', ['fee'], { predicate: 'quay = 3' }),
  ),
  own(
    'partition-alone',
    'SELECT * FROM harbour.calls_2025 WHERE fee = 5 ORDER BY at',
    on('harbour.calls_2025', ['fee', 'at']),
  ),
  own(
    'partitions-joined',
    "SELECT s.name, sum(c.fee) FROM harbour.ships s JOIN harbour.calls c ON c.ship_id = s.id WHERE s.kg < 400 AND c.at < '2024-04-01' GROUP BY 1",
    on('harbour.calls', ['ship_id', 'at'], { include: ['fee'] }),
  ),
  own(
    'partitions-updated',
    "UPDATE harbour.calls SET fee = 1 WHERE fee = 7 AND at > '2025-01-01'",
    on('harbour.calls', ['fee', 'at']),
  ),
  own('hash-partitions', "SELECT * FROM harbour.crates WHERE owner_name = 'o9'", on('harbour.crates', ['owner_name'])),
  own(
    'hash-partitions-correlated',
    "SELECT * FROM harbour.crates WHERE owner_name = 'o7' AND weight = 307",
    on('harbour.crates', ['weight', 'owner_name']),
  ),
  own('inheritance', "SELECT * FROM harbour.events WHERE kind = 'k1'", on('harbour.events', ['kind'])),
  own(
    'inheritance-child',
    "SELECT * FROM harbour.events WHERE at = '2024-07-07' AND kind = 'u3'",
    on('harbour.strikes', ['at', 'kind']),
  ),
  own('inheritance-only', "SELECT * FROM ONLY harbour.events WHERE at > '2024-10-20'", on('harbour.events', ['at'])),
  own('unlogged', 'SELECT * FROM harbour.notes WHERE ship_id = 5', on('harbour.notes', ['ship_id'])),
  own(
    'insert-select',
    'INSERT INTO harbour.notes (ship_id) SELECT id FROM harbour.ships WHERE tonnes = 44',
    on('harbour.ships', ['tonnes'], { include: ['id'] }),
  ),
];
