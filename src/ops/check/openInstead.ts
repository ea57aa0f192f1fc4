import type { FallbackAdapter, WebGpuAdapter } from '../../gpu/device.ts';
import { UserError } from '../../lib/errors.ts';
import { createEngine, openFallback } from '../createEngine.ts';
import type { Engine } from '../engine.ts';

/** Opens the eager engine on the fallback, instead of an adapter whose known results have this relative error. */
export async function openInstead(
  { description, device }: WebGpuAdapter,
  error: number,
): Promise<{ adapter: FallbackAdapter; engine: Engine; problem: UserError }> {
  device.destroy();
  const adapter = await openFallback();
  const how = Number.isFinite(error) ? `are off by ${(100 * error).toPrecision(2)} %` : 'are no numbers';
  const problem = new UserError(
    'gpu/wrong-numbers',
    `The graphics adapter ${description} computes wrongly: known results ${how}, with every kind of kernel. The ` +
      `${adapter.description} computes instead, which is slow. Update the graphics driver or the browser, then reload the page.`,
  );
  return { adapter, engine: await createEngine(adapter), problem };
}
