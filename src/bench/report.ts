/** One comparison: medians over the rounds, and how the ratio spread. */
export interface Row {
  readonly name: string;
  readonly ours: number;
  readonly peer: number;
  readonly peerName: string;
  readonly unit: string;
  /** Peer over ours, the median of the rounds: above 1 we are ahead. */
  readonly ratio: number;
  readonly min: number;
  readonly max: number;
  /** Achieved rates and our fraction of the adapter's peak, for rows about arithmetic. */
  readonly gflops?: number;
  readonly peerGflops?: number;
  readonly fmaShare?: number;
}

/** A comparison that could not be made. */
export interface Skipped {
  readonly name: string;
  readonly reason: string;
  /** An error, not a case that this adapter can't run. */
  readonly failed: boolean;
}

export interface Report {
  readonly adapter: string;
  /** ISO 8601 */
  readonly date: string;
  readonly rows: readonly Row[];
  readonly skipped: readonly Skipped[];
  /** Measured peak rate of multiply-adds, two operations each, if a row used it. */
  readonly fmaGflops?: number;
}

/** The middle value, or the mean of the two in the middle. Throws RangeError for no values. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('the median of no values');
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/**
 * Creates a row from one measurement per round and side, less being better. Throws RangeError where the rounds differ.
 */
export function toRow(
  name: string,
  unit: string,
  ours: readonly number[],
  peerName: string,
  peer: readonly number[],
): Row {
  if (ours.length !== peer.length)
    throw new RangeError(`"${name}": ${ours.length} rounds of ours, ${peer.length} of theirs`);
  const ratios = ours.map((value, round) => peer[round] / value);
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  return { name, ours: median(ours), peer: median(peer), peerName, unit, ratio: median(ratios), min: low, max: high };
}

/** A row of counts, which don't vary. So that a count of 0 has a ratio, it stands there as 1. */
export function countRow(name: string, unit: string, ours: number, peerName: string, peer: number): Row {
  const ratio = Math.max(peer, 1) / Math.max(ours, 1);
  return { name, ours, peer, peerName, unit, ratio, min: ratio, max: ratio };
}

/** `step/quick: 180 ms, 8.10 × tfjs at 1460 ms (7.60–8.90)`. */
export function describeRow({ name, ours, peer, peerName, unit, ratio, min, max, ...rates }: Row): string {
  const { gflops, peerGflops, fmaShare } = rates;
  const compared = `${name}: ${short(ours)} ${unit}, ${ratio.toFixed(2)} × ${peerName} at ${short(peer)} ${unit}`;
  const spread = min === max ? '' : ` (${min.toFixed(2)}–${max.toFixed(2)})`;
  if (gflops === undefined) return compared + spread;
  const peers = peerGflops === undefined ? '' : ` and ${short(peerGflops)}`;
  const fraction = fmaShare === undefined ? '' : `, ${Math.round(100 * fmaShare)}% of the best FMA rate`;
  return `${compared}${spread}; ${short(gflops)}${peers} GFLOP/s${fraction}`;
}

/** Three digits, more where they stand before the point. */
export function short(value: number): string {
  if (value === 0) return '0';
  return value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
}

/** The report as a table for a document. */
export function toMarkdown({ adapter, date, rows, skipped, fmaGflops }: Report): string {
  const rate = fmaGflops === undefined ? '' : ` Best FMA rate: ${short(fmaGflops)} GFLOP/s.`;
  const lines = rows.map((row) => {
    const { name, ours, peer, peerName, unit, ratio, min, max, gflops = 0, fmaShare } = row;
    const fraction = fmaShare === undefined ? '' : `${short(gflops)} GFLOP/s, ${Math.round(100 * fmaShare)}%`;
    const cells = [name, `${short(ours)} ${unit}`, `${short(peer)} ${unit}`, peerName, ratio.toFixed(2)];
    return `| ${[...cells, `${min.toFixed(2)}–${max.toFixed(2)}`, fraction].join(' | ')} |`;
  });
  return [
    `Adapter: ${adapter}, ${date.slice(0, 10)}.${rate}`,
    '',
    '| what | ours | peer | peer is | ratio | min–max | our rate, of the best |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
    ...(skipped.length > 0 ? ['', 'Not compared:', ''] : []),
    ...skipped.map(({ name, reason }) => `- ${name}: ${reason}`),
    '',
  ].join('\n');
}
