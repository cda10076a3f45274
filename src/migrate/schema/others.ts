import {
  comment,
  isOwnObject,
  type ObjectQuery,
  objectColumns,
  options,
  privileges,
  roleName,
  yesNo,
} from './fragments.js';

/** Extensions; what belongs to them is theirs. */
export const extensions: ObjectQuery = () => `
  ${objectColumns({
    type: "'extension'",
    name: 'pg_catalog.quote_ident(extension.extname)',
    attributes: { schema: 'pg_catalog.quote_ident(space.nspname)' },
    notes: { version: 'extension.extversion', comment: comment('pg_extension', 'extension.oid') },
  })}
    FROM pg_catalog.pg_extension AS extension
    JOIN pg_catalog.pg_namespace AS space ON space.oid = extension.extnamespace
   WHERE $1::pg_catalog.text IS NOT NULL`;

/** Publications with what they publish. */
export const publications: ObjectQuery = (versionNumber) => `
  ${objectColumns({
    type: "'publication'",
    name: 'pg_catalog.quote_ident(publication.pubname)',
    attributes: {
      'all tables': yesNo('publication.puballtables'),
      tables: PUBLISHED_TABLES,
      schemas: `SELECT pg_catalog.string_agg(pg_catalog.quote_ident(space.nspname), ', ' ORDER BY space.nspname)
                  FROM pg_catalog.pg_publication_namespace AS published
                  JOIN pg_catalog.pg_namespace AS space ON space.oid = published.pnnspid
                 WHERE published.pnpubid = publication.oid`,
      operations: `pg_catalog.concat_ws(', ', CASE WHEN pubinsert THEN 'insert' END, CASE WHEN pubupdate THEN 'update' END,
                                        CASE WHEN pubdelete THEN 'delete' END, CASE WHEN pubtruncate THEN 'truncate' END)`,
      'via root': yesNo('publication.pubviaroot'),
      'generated columns': versionNumber >= 180_000 ? 'publication.pubgencols' : 'NULL',
      owner: roleName('publication.pubowner'),
    },
    notes: { comment: comment('pg_publication', 'publication.oid') },
  })}
    FROM pg_catalog.pg_publication AS publication
   WHERE $1::pg_catalog.text IS NOT NULL`;

/** Foreign servers. */
export const servers: ObjectQuery = () => `
  ${objectColumns({
    type: "'server'",
    name: 'pg_catalog.quote_ident(server.srvname)',
    attributes: {
      wrapper: 'SELECT fdwname FROM pg_catalog.pg_foreign_data_wrapper WHERE oid = server.srvfdw',
      options: options('server.srvoptions'),
      owner: roleName('server.srvowner'),
      privileges: privileges({ acl: 'server.srvacl', kind: 'S', owner: 'server.srvowner' }),
    },
    notes: { comment: comment('pg_foreign_server', 'server.oid') },
  })}
    FROM pg_catalog.pg_foreign_server AS server
   WHERE $1::pg_catalog.text IS NOT NULL`;

/** What is seldom made by hand: known by its identity, and by its row in the catalog where that is all there is to it. */
export const rarities: ObjectQuery = () =>
  RARE.map(
    ({ catalog, row }) => `
  (${objectColumns({
    type: 'identity.type',
    name: 'identity.identity',
    attributes: { definition: row === null ? 'NULL' : `pg_catalog.to_jsonb(known) - ARRAY[${row}]` },
    notes: { comment: comment(catalog, 'known.oid') },
  })}
    FROM pg_catalog.${catalog} AS known
    CROSS JOIN LATERAL pg_catalog.pg_identify_object('pg_catalog.${catalog}'::pg_catalog.regclass, known.oid, 0) AS identity
   WHERE known.oid >= ${FIRST_USER_OID} AND coalesce(identity.schema, '') <> $1 AND coalesce(identity.schema, '') !~ '^pg_temp'
     AND ${isOwnObject(catalog, 'known.oid')})`,
  ).join(' UNION ALL ');

/** Lower ones are given by initdb. */
const FIRST_USER_OID = 16_384;

/** `row`: the columns that say nothing, being OIDs, owners or versions; null where all do. */
const RARE: readonly { readonly catalog: string; readonly row: string | null }[] = [
  { catalog: 'pg_collation', row: "'oid', 'collnamespace', 'collowner', 'collversion'" },
  ...[
    'pg_operator',
    'pg_opclass',
    'pg_opfamily',
    'pg_cast',
    'pg_conversion',
    'pg_ts_config',
    'pg_ts_dict',
    'pg_language',
    'pg_foreign_data_wrapper',
    'pg_transform',
    'pg_am',
  ].map((catalog) => ({ catalog, row: null })),
];

const PUBLISHED_TABLES = `
  SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', published.prrelid::pg_catalog.regclass::pg_catalog.text,
           '(' || (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(attribute.attname), ', ' ORDER BY attribute.attnum)
                     FROM pg_catalog.pg_attribute AS attribute
                    WHERE attribute.attrelid = published.prrelid AND attribute.attnum = ANY (published.prattrs)) || ')',
           'WHERE ' || pg_catalog.pg_get_expr(published.prqual, published.prrelid)), ', '
           ORDER BY published.prrelid::pg_catalog.regclass::pg_catalog.text)
    FROM pg_catalog.pg_publication_rel AS published WHERE published.prpubid = publication.oid`;
