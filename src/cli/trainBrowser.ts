import type { TrainJob } from './train.ts';

export function trainInBrowser(job: TrainJob): Promise<void> {
  throw new Error(`not yet: ${job.out}`);
}
