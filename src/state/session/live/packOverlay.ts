import type { Overlay } from '../../../domain/reports.ts';

type Labels = Overlay['labels'];

/** Bytes of the labels of packed overlays. */
const packedBytes = new WeakMap<Overlay, number>();

/**
 * The same overlay with its labels as runs of one label, a tenth or less of the bytes once segments have formed; they
 * are unpacked when they are read, and released when nothing references them.
 */
export function packOverlay(overlay: Overlay): Overlay {
  const packed = pack(overlay.labels);
  const kept = withLabels({ ...overlay, labels: NONE }, packed, overlay.labels.length, new WeakRef(overlay.labels));
  packedBytes.set(kept, packed.bytes.byteLength);
  return kept;
}

const NONE = new Uint16Array(0);

/** Outside of `packOverlay`, whose closure would keep the unpacked labels alive. */
function withLabels(overlay: Overlay, packed: Packed, count: number, unpacked: WeakRef<Labels>): Overlay {
  return {
    ...overlay,
    // Spreading the overlay calls the getter, so copies have the labels too.
    get labels() {
      const known = unpacked.deref();
      if (known) return known;
      const again = unpack(packed, count);
      unpacked = new WeakRef(again);
      return again;
    },
  };
}

/** Bytes that the labels of an overlay take. */
export function labelBytes(overlay: Overlay): number {
  return packedBytes.get(overlay) ?? overlay.labels.byteLength;
}

interface Packed {
  readonly kind: 'runs' | 'plain';
  readonly bytes: Uint8Array | Uint16Array;
}

/** Encodes labels as pairs of a label and its run length, or plainly where that is shorter; with 8 bits where they fit. */
function pack(labels: Labels): Packed {
  let narrow = true;
  for (let at = 0; narrow && at < labels.length; at++) narrow = labels[at] < 256;
  const maxRun = narrow ? 0xff : 0xffff;
  const runs = new (narrow ? Uint8Array : Uint16Array)(labels.length);
  let length = 0;
  for (let at = 0; at < labels.length;) {
    const start = at;
    while (at < labels.length && labels[at] === labels[start] && at - start < maxRun) at++;
    if (length + 2 > runs.length) return { kind: 'plain', bytes: narrow ? Uint8Array.from(labels) : labels.slice() };
    runs[length++] = labels[start];
    runs[length++] = at - start;
  }
  return { kind: 'runs', bytes: runs.slice(0, length) };
}

function unpack({ kind, bytes }: Packed, count: number): Labels {
  if (kind === 'plain') return Uint16Array.from(bytes);
  const labels = new Uint16Array(count);
  let at = 0;
  for (let run = 0; run < bytes.length; run += 2) {
    const length = bytes[run + 1];
    labels.fill(bytes[run], at, at + length);
    at += length;
  }
  return labels;
}
