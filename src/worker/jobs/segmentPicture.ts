import { createWholeSegmenter, type WholeSegmenter } from '../../inference/slotGrids.ts';
import { segmentPicture } from '../../inference/pictureGrid.ts';
import { createCheckpointModel } from '../../inference/temporaryModel.ts';
import { UserError } from '../../lib/errors.ts';
import type { Engine } from '../../ops/engine.ts';
import { discardModel, type Model } from '../../slotcon/model.ts';
import { openModelFile, type ModelLenderPorts } from '../lendModel.ts';
import type { InputOf, ResultOf } from '../requests.ts';
import type { LiveRun } from '../run/buildRun.ts';

/** Segments single pictures with the model on the screen, frame after frame. */
export type SegmentPicture = (input: InputOf<'segmentPicture'>) => Promise<ResultOf<'segmentPicture'>>;

interface Kept {
  /** `InputOf<'segmentPicture'>.model`. */
  readonly key: number;
  readonly engine: Engine;
  readonly model: Model;
  readonly segmenter: WholeSegmenter;
  /** Of a checkpoint, so that the model is freed with it. */
  readonly isOwn: boolean;
}

/** What was compiled for a model is kept this long after its last picture. */
const KEEP_MS = 10_000;

export function createPictureSegmenter(ports: Omit<ModelLenderPorts, 'images'>, keepMs = KEEP_MS): SegmentPicture {
  const { device, builds, run } = ports;
  let kept: Kept | undefined;
  let ending: ReturnType<typeof setTimeout> | undefined;
  /** Between two steps of the run, where there is one. */
  const inTurn = <Result>(use: (current: LiveRun | undefined) => Promise<Result>): Promise<Result> =>
    builds.run(() => {
      const current = run();
      return current ? current.loop.runExclusive(() => use(current)) : use(undefined);
    });
  const release = (engine?: Engine): void => {
    const last = kept;
    kept = undefined;
    // Of a device that was lost, everything is gone.
    if (!last || (engine && engine !== last.engine)) return;
    last.segmenter.dispose();
    if (last.isOwn) discardModel(last.engine, last.model);
  };
  const keep = async (engine: Engine, key: number, source: Blob | Model): Promise<Kept> => {
    const isOwn = source instanceof Blob;
    if (kept?.key === key && kept.engine === engine && (isOwn || kept.model === source)) return kept;
    release(engine);
    const model = isOwn ? createCheckpointModel(engine, await openModelFile(source)) : source;
    kept = { key, engine, model, segmenter: await createWholeSegmenter(engine, model), isOwn };
    return kept;
  };
  return async ({ picture, model: key, checkpoint }) => {
    clearTimeout(ending);
    try {
      return await inTurn(async (current) => {
        const source = checkpoint ?? current?.trainer.model;
        if (!source) throw new UserError('run/none', 'There is no model yet: start a run or load a checkpoint.');
        const { segmenter } = await keep(await device.engine(), key, source);
        return segmentPicture(segmenter, picture);
      });
    } finally {
      clearTimeout(ending);
      ending = setTimeout(() => void inTurn(async () => release(await device.engine())).catch(() => undefined), keepMs);
    }
  };
}
