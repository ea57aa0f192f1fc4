import { totalBytes, type RunMemory } from '../domain/runMemory.ts';
import { OVERLAY_CROPS } from './defaults.ts';
import { quotedName } from './fieldText.ts';
import { FIELDS, type Config } from './fields.ts';

/**
 * Ratio of the projector's output norm to the steps of its last bias, which LARS leaves unscaled: an estimate of the
 * initial output norm over the square root of the 1-D learning rate factor. Of some 280 runs all below 0.9 collapsed to a
 * single direction and almost none from 2.9 up; the published head has 11.
 */
export function collapseMargin(config: Pick<Config, 'headInitStd' | 'hiddenDim' | 'outDim' | 'lrFactor1d'>): number {
  const { headInitStd, hiddenDim, outDim, lrFactor1d } = config;
  return (0.555 * headInitStd * Math.sqrt(hiddenDim * outDim)) / Math.sqrt(lrFactor1d);
}

const SAFE_MARGIN = 2;

/** Warnings about the memory of a run, on a machine that has `hostBytes`, as far as is known. */
export function memoryWarnings(memory: RunMemory, hostBytes: number | undefined): string[] {
  const bytes = totalBytes(memory);
  if (hostBytes === undefined || bytes <= hostBytes) return [];
  const [needed, there] = [bytes, hostBytes].map((value) => (value / 2 ** 30).toFixed(1));
  return [
    `A run takes ${needed} GiB of graphics memory, and this machine is known to have ${there} GiB in all. Lower ${quotedName('batchSize')} (with ${quotedName('accumulate')} raised, a step has as many images), ${quotedName('cropSize')} or ${quotedName('hiddenDim')}, unless a graphics card brings more of its own.`,
  ];
}

/** Warnings about valid but risky settings, one or two sentences each. */
export function configWarnings(config: Config): string[] {
  const warnings: string[] = [];
  const margin = collapseMargin(config);
  if (config.optimizer === 'lars' && margin < SAFE_MARGIN) {
    const minStd = (config.headInitStd * SAFE_MARGIN) / margin;
    const remedy = Math.ceil(Math.max(1.28 / Math.sqrt(config.hiddenDim), minStd) * 1000) / 1000;
    const risk = margin < 0.9 ? 'will almost surely' : 'may';
    const cure =
      remedy <= FIELDS.headInitStd.max
        ? `Set ${quotedName('headInitStd')} to ${remedy}`
        : `Raise ${quotedName('hiddenDim')}`;
    warnings.push(
      `All features ${risk} collapse to one direction early on: the collapse margin is ${margin.toFixed(2)} and should be at least ${SAFE_MARGIN}. ${cure} or lower ${quotedName('lrFactor1d')}.`,
    );
  }
  if (config.teacherMomentum < 0.9) {
    warnings.push(
      `${quotedName('teacherMomentum')} ${config.teacherMomentum} lets the teacher follow the student so fast that both may collapse. Keep it at 0.9 or above.`,
    );
  }
  const helpful = OVERLAY_CROPS * config.cropSize;
  if (config.overlaySize > helpful) {
    warnings.push(
      `${quotedName('overlaySize')} ${config.overlaySize} is more than ${OVERLAY_CROPS} times ${quotedName('cropSize')} (${helpful}): objects look larger than any that the network was trained on, so overlays get slower, not finer. Set it to 0 or train with larger crops.`,
    );
  }
  return warnings;
}
