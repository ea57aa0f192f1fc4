/** Runs jobs one at a time, in the order given. */
export interface SerialQueue {
  /** Settles with the job's outcome. Later jobs run even if this one fails. */
  run<Result>(job: () => Result | Promise<Result>): Promise<Result>;
  /** Resolves when every job given so far has settled. */
  idle(): Promise<void>;
}

export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (job) => {
      const result = last.then(job);
      last = result.catch(() => undefined);
      return result;
    },
    idle: () => last.then(() => undefined),
  };
}
