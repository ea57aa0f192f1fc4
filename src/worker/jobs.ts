import { drawOverlays } from '../inference/overlays.ts';
import { createOverlayInference } from '../inference/overlayInference.ts';
import type { Job, JobFunctions } from './jobs/job.ts';
import type { LendModel } from './lendModel.ts';
import type { PageFiles } from './jobs/pageFiles.ts';
import type { OpenRegionFile } from './jobs/regions.ts';
import type { Masks } from './masks.ts';
import { nextTask } from '../lib/async/nextTask.ts';
import type { Handler, Handlers } from './requestHandler.ts';
import type { JobKind } from './requests.ts';
import type { SegmentPicture } from './jobs/segmentPicture.ts';

export interface JobPorts {
  readonly masks: Masks;
  readonly lendModel: LendModel;
  readonly files: PageFiles;
  readonly segmentPicture: SegmentPicture;
  readonly openRegionFile: OpenRegionFile;
}

/** Handlers of the requests that need a model. */
export function createJobs({
  masks,
  lendModel,
  files,
  segmentPicture,
  openRegionFile,
}: JobPorts): Pick<Handlers, JobKind> {
  const gallery = loadOnce(async () => (await import('./jobs/gallery.ts')).createGalleryJobs());
  const scores = loadOnce(async () => (await import('./jobs/score.ts')).createScoreJobs(masks));
  const regions = loadOnce(async () => (await import('./jobs/regions.ts')).createRegionsJob(masks, openRegionFile));
  const jobs: JobFunctions = {
    overlays,
    exportMasks,
    regions: async (...job) => (await regions())(...job),
    gallery: async (...job) => (await gallery()).gallery(...job),
    similarSegments: async (...job) => (await gallery()).similarSegments(...job),
    score: async (...job) => (await scores()).score(...job),
    baselines: async (...job) => (await scores()).baselines(...job),
  };
  const handlerOf =
    <Kind extends keyof JobFunctions>(job: Job<Kind>): Handler<Kind> =>
    (input, { signal, progress: post }) => {
      const progress = async (phase: string, fraction: number): Promise<void> => {
        post({ phase, fraction } as Parameters<typeof post>[0]);
        // Yields to messages, one of which may abort this job.
        await nextTask();
        signal.throwIfAborted();
      };
      return lendModel(
        input.checkpoint,
        (frozen) => job({ ...frozen, files, progress }, input),
        () => progress('Waiting for its turn', 0),
      );
    };
  return {
    overlays: handlerOf(jobs.overlays),
    segmentPicture,
    gallery: handlerOf(jobs.gallery),
    similarSegments: handlerOf(jobs.similarSegments),
    exportMasks: handlerOf(jobs.exportMasks),
    regions: handlerOf(jobs.regions),
    score: handlerOf(jobs.score),
    baselines: handlerOf(jobs.baselines),
  };
}

/** Code that is loaded when it is first wanted. */
function loadOnce<Loaded>(load: () => Promise<Loaded>): () => Promise<Loaded> {
  let loaded: Promise<Loaded> | undefined;
  return () => (loaded ??= load());
}

/** Loaded when wanted: it writes PNGs and zips. */
const exportMasks: Job<'exportMasks'> = async (frozen, input) =>
  (await import('./jobs/exportMasks.ts')).exportMasks(frozen, input);

const overlays: Job<'overlays'> = async ({ engine, model, step, images, progress }) => {
  await progress('Drawing the watched images', 0);
  const inference = createOverlayInference(engine, model);
  try {
    return { step, ...(await drawOverlays(inference, images, step)) };
  } finally {
    inference.dispose();
  }
};
