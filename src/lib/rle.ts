/**
 * Run-length encoding of masks as in COCO (https://github.com/cocodataset/cocoapi, common/maskApi.c): lengths of runs,
 * alternately outside and inside, beginning outside, down the columns from left to right.
 */

/** Encodes counts as text: 5 bits per character, lowest first; from the fourth on, the difference to the count two before. */
export function countsToText(counts: readonly number[]): string {
  let text = '';
  counts.forEach((count, at) => {
    let rest = at > 2 ? count - counts[at - 2] : count;
    for (let more = true; more;) {
      const bits = rest & 0x1f;
      rest >>= 5;
      // The highest bit is the sign.
      more = (bits & 0x10) !== 0 ? rest !== -1 : rest !== 0;
      text += String.fromCharCode(48 + (more ? bits | 0x20 : bits));
    }
  });
  return text;
}

/** The inverse of `countsToText`. */
export function countsFromText(text: string): number[] {
  const counts: number[] = [];
  for (let at = 0; at < text.length;) {
    let [value, shift] = [0, 0];
    let code: number;
    do {
      code = text.charCodeAt(at++) - 48;
      value |= (code & 0x1f) << shift;
      shift += 5;
    } while ((code & 0x20) !== 0 && at < text.length);
    if ((code & 0x10) !== 0) value |= -1 << shift;
    counts.push(counts.length > 2 ? value + counts[counts.length - 2] : value);
  }
  return counts;
}

/** Sets the pixels inside to `label`; `labels` are [height,width]. */
export function paintCounts(
  counts: readonly number[],
  { labels, width, height }: { readonly labels: Uint16Array; readonly width: number; readonly height: number },
  label: number,
): void {
  let at = 0;
  counts.forEach((count, turn) => {
    for (const end = at + count; at < end; at++) {
      if (turn % 2 === 1) labels[(at % height) * width + Math.floor(at / height)] = label;
    }
  });
}
