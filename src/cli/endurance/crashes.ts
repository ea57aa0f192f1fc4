import type { StepRecord } from '../../signals/metrics.ts';
import { createRandom } from '../../lib/random.ts';
import { launchChromium } from '../chromium.ts';
import { UserError } from '../../lib/errors.ts';
import { serve } from '../../../scripts/site.mjs';
import { createTrainingPage, type TrainingPage } from '../training/trainingPage.ts';

const STEPS = 16;
const CRASHES_PER_RUN = 4;
/** Maximum delay of the first crash, which falls into the preparation or the first steps. */
const MAX_FIRST_MS = 15_000;
/**
 * Maximum delay of a further crash, counted from the first step beyond the last crash: three crashes in a row without a
 * step between them end a run by design.
 */
const MAX_NEXT_MS = 6000;

interface CrashedRun {
  readonly crashes: readonly { readonly status: string; readonly step: number }[];
  readonly finished: boolean;
  /** Whether every record equals that of the uninterrupted run, bit for bit. */
  readonly same: boolean;
  readonly seconds: number;
}

/** Kills the GPU process of the real page at random moments of runs of the quick preset, `count` times in all. */
export async function crashOften(count: number): Promise<void> {
  const server = await serve();
  const browser = await launchChromium();
  const random = createRandom('crashes');
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const training = createTrainingPage(page);
    const adapter = await training.open(server.url);
    await training.choosePreset('quick');
    await training.set({ steps: STEPS, displayEverySteps: 3, autosaveEverySteps: 2 });
    await training.readImages(undefined);
    const began = performance.now();
    await trainToEnd(training);
    const uninterrupted = await training.recordsAfter(0);
    const uninterruptedSeconds = (performance.now() - began) / 1000;
    const session = await browser.newBrowserCDPSession();
    const runs: CrashedRun[] = [];
    for (let left = count; left > 0; left -= CRASHES_PER_RUN) {
      const crashes = Math.min(left, CRASHES_PER_RUN);
      const delays = Array.from({ length: crashes }, (_, at) =>
        random.uniform(0, at === 0 ? MAX_FIRST_MS : MAX_NEXT_MS),
      );
      const crash = () => session.send('Browser.crashGpuProcess').catch(() => undefined);
      runs.push(await crashedRun(training, delays, crash, uninterrupted));
      console.error(`${count - left + crashes} of ${count} crashes: ${JSON.stringify(runs.at(-1))}`);
    }
    console.log(
      JSON.stringify(
        { adapter: adapter.description, date: new Date().toISOString(), steps: STEPS, uninterruptedSeconds, runs },
        undefined,
        2,
      ),
    );
    const failed = runs.filter(({ finished, same }) => !finished || !same).length;
    if (failed > 0)
      throw new UserError(
        'endurance/crashes',
        `${failed} of ${runs.length} runs did not end as the uninterrupted one.`,
      );
  } finally {
    await browser.close();
    await server.close();
  }
}

async function trainToEnd(training: TrainingPage): Promise<string | undefined> {
  await training.start();
  return (await training.until(({ status }) => status === 'ended')).endReason;
}

async function crashedRun(
  training: TrainingPage,
  delays: readonly number[],
  crash: () => Promise<unknown>,
  uninterrupted: readonly StepRecord[],
): Promise<CrashedRun> {
  const began = performance.now();
  const crashes: { status: string; step: number }[] = [];
  const ended = trainToEnd(training);
  await training.until(({ status }) => status !== 'ended');
  let furthest = -1;
  for (const delay of delays) {
    await training.until(({ step }) => step > furthest);
    await new Promise((resolve) => setTimeout(resolve, delay));
    const { status, step } = await training.state();
    if (status === 'ended')
      throw new UserError('endurance/crashes', `The run ended before its ${delays.length} crashes.`);
    crashes.push({ status, step });
    furthest = Math.max(furthest, step);
    await crash();
  }
  const endReason = await ended;
  const same = JSON.stringify(await training.recordsAfter(0)) === JSON.stringify(uninterrupted);
  return { crashes, finished: endReason === 'finished', same, seconds: (performance.now() - began) / 1000 };
}
