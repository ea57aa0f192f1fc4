/** An image and how well it shows a prototype. */
export interface Ranked {
  readonly image: number;
  readonly score: number;
}

/** The `count` best images of each prototype, from scores that come image after image: as `topImages`, without keeping all. */
export interface Ranking {
  /** scores [K] of an image that comes after all that were added. */
  add(image: number, scores: Float32Array): void;
  /** For each prototype, best first, the earlier of equals first. */
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
