/** An image and its score for a prototype. */
export interface Ranked {
  readonly image: number;
  readonly score: number;
}

/** Best `count` images of each prototype, updated image by image: equals `topImages` without storing all scores. */
export interface Ranking {
  /** Adds the scores [K] of an image. Images must be added in ascending order. */
  add(image: number, scores: Float32Array): void;
  /** For each prototype, best first, ties in the order of the images. */
  best(): readonly (readonly Ranked[])[];
}

export function createRanking(prototypes: number, count: number): Ranking {
  const best: Ranked[][] = Array.from({ length: prototypes }, () => []);
  return {
    add: (image, scores) => {
      best.forEach((ranked, prototype) => {
        const score = scores[prototype];
        if (ranked.length === count && score <= ranked[count - 1].score) return;
        const behind = ranked.findIndex((other) => other.score < score);
        ranked.splice(behind < 0 ? ranked.length : behind, 0, { image, score });
        if (ranked.length > count) ranked.pop();
      });
    },
    best: () => best,
  };
}
