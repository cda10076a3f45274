import type { Measured } from './measure.js';

/** The bars: shapes equal, costs this near. */
const SHAPES_EQUAL_MIN = 0.98;
const BASELINE_ERROR_MAX = 0.001;
const CANDIDATE_ERROR_MAX = 0.03;
/** What a GIN index holds is known by samples of elements alone. */
const GIN_ERROR_MAX = 0.1;

/** Prints the table and its summary; false outside the bars. */
export function report(measured: readonly Measured[]): boolean {
  for (const row of measured) {
    const columns = [
      row.name.padEnd(30),
      isSame(row) ? 'same' : 'DIFF',
      percent(row.baselineError).padStart(9),
      percent(row.candidateError).padStart(9),
      (row.peerError === null ? '–' : percent(row.peerError)).padStart(11),
      row.indexUsed ? 'used  ' : 'unused',
      `${row.blocks}/${row.blocksReal} blocks`.padStart(20),
      percent(row.blocks / row.blocksReal - 1).padStart(9),
    ];
    console.log(columns.join('  '));
    if (!row.sameShapeWithIndex) console.log(`    twin ${row.shapes[0]}\n    real ${row.shapes[1]}`);
  }
  const equal = measured.filter(isSame).length / measured.length;
  const baseline = worst(measured.map(({ baselineError }) => baselineError));
  const gin = worst(measured.filter(({ method }) => method === 'gin').map(({ candidateError }) => candidateError));
  const other = worst(measured.filter(({ method }) => method !== 'gin').map(({ candidateError }) => candidateError));
  const peers = measured.flatMap(({ peerError }) => peerError ?? []);
  const near = measured.filter(({ blocks, blocksReal }) => Math.abs(blocks / blocksReal - 1) <= 0.06).length;
  console.log(
    `${measured.length} statements · shapes equal ${percent(equal)} · baseline error ≤ ${percent(baseline)} · ` +
      `with the candidate ≤ ${percent(other)}, GIN ≤ ${percent(gin)} · sizes within 6 % ${near}/${measured.length}`,
  );
  if (peers.length > 0) {
    const within = peers.filter((error) => Math.abs(error) <= CANDIDATE_ERROR_MAX).length;
    console.log(`HypoPG with the candidate ≤ ${percent(worst(peers))} · within 3 % ${within}/${peers.length}`);
  }
  const costsNear = baseline <= BASELINE_ERROR_MAX && other <= CANDIDATE_ERROR_MAX && gin <= GIN_ERROR_MAX;
  return equal >= SHAPES_EQUAL_MIN && costsNear;
}

function isSame({ sameShape, sameShapeWithIndex }: Measured): boolean {
  return sameShape && sameShapeWithIndex;
}

function worst(errors: readonly number[]): number {
  return Math.max(0, ...errors.map(Math.abs));
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(3)} %`;
}
