import type { Overlay } from '../../../domain/reports.ts';

type Labels = Overlay['labels'];

/** How many bytes the labels of packed overlays take. */
const packedBytes = new WeakMap<Overlay, number>();

/**
 * The same overlay with its labels as runs of one label, a tenth or less of the bytes once segments have formed; they
 * are unpacked when they are read, and kept only as long as somebody uses them.
 */
export function packOverlay(overlay: Overlay): Overlay {
  const packed = pack(overlay.labels);
  const kept = withLabels({ ...overlay, labels: NONE }, packed, overlay.labels.length, new WeakRef(overlay.labels));
  packedBytes.set(kept, packed.bytes.byteLength);
  return kept;
}

const NONE = new Uint16Array(0);

/** Apart from `packOverlay`, so that it holds the labels themselves in no variable. */
function withLabels(overlay: Overlay, packed: Packed, count: number, unpacked: WeakRef<Labels>): Overlay {
  return {
    ...overlay,
    // A getter of its own, so that copies of the overlay have the labels too.
    get labels() {
      const known = unpacked.deref();
      if (known) return known;
      const again = unpack(packed, count);
      unpacked = new WeakRef(again);
      return again;
    },
  };
}

/** Bytes of the labels as they are kept. */
export function labelBytes(overlay: Overlay): number {
  return packedBytes.get(overlay) ?? overlay.labels.byteLength;
}

interface Packed {
  readonly kind: 'runs' | 'plain';
  readonly bytes: Uint8Array | Uint16Array;
}

/** Labels in turn with the lengths of their runs, or as they are where that is shorter; of 8 bits where they fit. */
function pack(labels: Labels): Packed {
  let narrow = true;
  for (let at = 0; narrow && at < labels.length; at++) narrow = (labels[at] ?? 0) < 256;
  const most = narrow ? 0xff : 0xffff;
  const runs = new (narrow ? Uint8Array : Uint16Array)(labels.length);
  let length = 0;
  for (let at = 0; at < labels.length;) {
    const start = at;
    while (at < labels.length && labels[at] === labels[start] && at - start < most) at++;
    if (length + 2 > runs.length) return { kind: 'plain', bytes: narrow ? Uint8Array.from(labels) : labels.slice() };
    runs[length++] = labels[start] ?? 0;
    runs[length++] = at - start;
  }
  return { kind: 'runs', bytes: runs.slice(0, length) };
}

function unpack({ kind, bytes }: Packed, count: number): Labels {
  if (kind === 'plain') return Uint16Array.from(bytes);
  const labels = new Uint16Array(count);
  let at = 0;
  for (let run = 0; run < bytes.length; run += 2) {
    const length = bytes[run + 1] ?? 0;
    labels.fill(bytes[run] ?? 0, at, at + length);
    at += length;
  }
  return labels;
}
