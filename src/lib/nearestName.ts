/**
 * The candidate with the smallest edit distance to `name`, ignoring case; one that contains `name` has distance 1.
 * Undefined if none is similar.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  // More edits than a third of the letters make a different word.
  let smallest = Math.max(2, Math.ceil(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const [from, to] = [name.toLowerCase(), candidate.toLowerCase()];
    const contained = from.length > 1 && from !== to && to.includes(from);
    const distance = contained ? 1 : editDistance(from, to);
    if (distance < smallest) [smallest, nearest] = [distance, candidate];
  }
  return nearest;
}

/** Levenshtein: insertions, deletions and substitutions from one string to the other. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const substitution = previous[column - 1] + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[column] + 1, current[column - 1] + 1));
    }
    previous = current;
  }
  return previous[to.length];
}
