import type { Kernel } from '../kernel.ts';

const THREADS = 64;
const ELEMENTS = 16;

/**
 * Copies parts of the given sizes behind each other; operands [part 1, part 2, …, out]. A row of the table for each
 * workgroup: array, from, to, count.
 */
export function concatKernel(sizes: readonly number[]): Kernel {
  const chunk = THREADS * ELEMENTS;
  const workgroups = sizes.reduce((total, size) => total + Math.ceil(size / chunk), 0);
  return {
    name: 'concat',
    element: 'f32',
    flop: 0,
    workgroups: [workgroups, 1, 1],
    code: (arrays) => {
      const out = arrays[arrays.length - 1];
      // Parts may lie in several arrays: each part has the branch of its own.
      const sources = arrays.slice(0, -1);
      const read = [...new Set(sources)].map(
        (array) => `case ${sources.indexOf(array)}u: { value = ${array}[begin + i]; }`,
      );
      const numbers = sources.map((array) => `${sources.indexOf(array)}u`).join(', ');
      return `
const source = array<u32, ${sources.length}>(${numbers});
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let row = group.x * 4u;
  let begin = table[row + 1u];
  let goal = table[row + 2u];
  let count = table[row + 3u];
  var own = source;
  let part = own[table[row]];
  for (var i = thread; i < count; i += ${THREADS}u) {
    var value = 0f;
    switch (part) { ${read.join(' ')} default: {} }
    ${out}[goal + i] = value;
  }
}`;
    },
    table: (offsets) => {
      const rows: number[] = [];
      let to = offsets[offsets.length - 1];
      sizes.forEach((size, part) => {
        for (let at = 0; at < size; at += chunk)
          rows.push(part, offsets[part] + at, to + at, Math.min(chunk, size - at));
        to += size;
      });
      return rows;
    },
  };
}
