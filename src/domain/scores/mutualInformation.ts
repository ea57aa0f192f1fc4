import { marginalsOf, type Confusion } from './scores.ts';

/** I(prototypes; classes) over the mean of both entropies (the convention of scikit-learn); 0 if both are constant. */
export function mutualInformation(confusion: Confusion): number {
  const { prototypes: held, classes: truth, total } = marginalsOf(confusion);
  const separate = entropy(held, total) + entropy(truth, total);
  return separate > 0 ? (2 * (separate - entropy(confusion.counts, total))) / separate : separate;
}

/** In nats; NaN without pixels. */
function entropy(counts: Float64Array, total: number): number {
  let result = 0;
  for (const count of counts) result += count > 0 ? -(count / total) * Math.log(count / total) : count / total;
  return result;
}
