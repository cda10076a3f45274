/**
 * Where a serialized pg_mcv_list holds its OIDs, after the varlena header: magic, type and item count as uint32, the
 * number of dimensions as int16, then one type OID a dimension. Integers have the server's byte order: little-endian
 * on every platform that the program runs on. Source: src/backend/statistics/mcv.c, statext_mcv_serialize.
 */
const DIMENSIONS_OFFSET = 12;
const OIDS_OFFSET = 14;
const OID_BYTES = 4;

/** Gives the type OIDs of a multivariate most-common-values list, given in hexadecimal. */
export function typeOidsOf(mostCommonHex: string): readonly number[] {
  const bytes = Buffer.from(mostCommonHex, 'hex');
  return oidOffsets(bytes).map((offset) => bytes.readUInt32LE(offset));
}

/** Gives the list with each type OID replaced by what `replace` gives for it. */
export function withTypeOids(mostCommonHex: string, replace: (oid: number) => number): string {
  const bytes = Buffer.from(mostCommonHex, 'hex');
  for (const offset of oidOffsets(bytes)) bytes.writeUInt32LE(replace(bytes.readUInt32LE(offset)), offset);
  return bytes.toString('hex');
}

function oidOffsets(bytes: Buffer): readonly number[] {
  const dimensions = bytes.readInt16LE(DIMENSIONS_OFFSET);
  return Array.from({ length: dimensions }, (_, dimension) => OIDS_OFFSET + dimension * OID_BYTES);
}
