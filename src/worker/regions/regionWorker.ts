import type { RegionTable } from '../../domain/regions.ts';
import { nextTask } from '../../lib/async/nextTask.ts';
import { UserError } from '../../lib/errors.ts';
import { createRandom } from '../../lib/random.ts';
import { readRegionTable } from '../../regions/file/readRegions.ts';
import { duplicatePairs } from '../../regions/find/duplicatePairs.ts';
import { nearestRegions } from '../../regions/find/nearestRegions.ts';
import { findNeighbors, pointsOf, type Neighbors } from '../../regions/find/neighbors.ts';
import { outlierRegions } from '../../regions/find/outlierRegions.ts';
import type { Pace } from '../../regions/find/pace.ts';
import { selectPhotographs } from '../../regions/find/selectPhotographs.ts';
import { unusualMixes } from '../../regions/find/unusualMixes.ts';
import type { Progress } from '../contracts.ts';
import { createRequestHandler, type RequestContext } from '../requestHandler.ts';
import type { RequestMessageOf, ResponseMessage } from '../requests.ts';
import { blobSource } from './blobSource.ts';
import type { RegionRequests } from './regionRequests.ts';

/** Work goes on for so long before waiting messages are handled. */
const PIECE_MS = 30;

/** Answers the requests about a table of regions, which it holds. */
export function createRegionWorker(
  post: (message: ResponseMessage) => void,
): (message: RequestMessageOf<RegionRequests>) => Promise<void> {
  let opened: OpenedTable | undefined;
  const current = (): OpenedTable => {
    if (!opened) throw new UserError('regions/none', 'There are no regions yet: find those of the folder first.');
    return opened;
  };
  return createRequestHandler<RegionRequests>(
    {
      openRegions: async ({ source }, context) => {
        const table = await readRegionTable(blobSource(source), paceOf(context, 'Reading the regions'));
        opened = openTable(table);
        const { origin, isComplete, photographs, regions } = table;
        return { origin, isComplete, photographs, regions };
      },
      nearestRegions: ({ region, count }) => nearestRegions(current().table, region, count),
      duplicatePairs: ({ count }, context) =>
        duplicatePairs(current().table, count, {
          random: createRandom('duplicates'),
          pace: paceOf(context, 'Comparing the photographs'),
        }),
      outlierRegions: async (_, context) => {
        const { table, neighbors } = current();
        return outlierRegions(table, await neighbors(paceOf(context, 'Looking for neighbors')));
      },
      unusualMixes: (_, context) => unusualMixes(current().table, paceOf(context, 'Comparing the mixes')),
      selectPhotographs: ({ count }, context) =>
        selectPhotographs(current().table, count, {
          random: createRandom('selection'),
          pace: paceOf(context, 'Choosing photographs'),
        }),
      layoutRegions: async ({ seed }, context) => {
        const { table, neighbors } = current();
        // Loaded when wanted.
        const { layOutRegions } = await import('../../regions/find/layout.ts');
        const phase = 'Laying out the map';
        const positions = await layOutRegions(table, {
          random: createRandom(seed),
          findAll: neighbors,
          pace: paceOf(context, phase),
          onPositions: (soFar, fraction) => context.progress({ phase, fraction, positions: soFar }),
        });
        return { positions };
      },
      exportRegions: async (input, context) =>
        (await import('./madeFiles.ts')).exportTable(current().table, input, context),
      zipPhotographs: async (input, context) => (await import('./madeFiles.ts')).zipPhotographs(input, context),
    },
    post,
  );
}

interface OpenedTable {
  readonly table: RegionTable;
  /** Neighbors of all regions among all, kept once they were found. */
  neighbors(pace: Pace): Promise<Neighbors>;
}

function openTable(table: RegionTable): OpenedTable {
  let found: Neighbors | undefined;
  return {
    table,
    neighbors: async (pace) =>
      (found ??= await findNeighbors(pointsOf(table), { random: createRandom('neighbors'), pace })),
  };
}

/** Reports progress and lets messages in, one of which may be an abort. */
function paceOf({ signal, progress }: RequestContext<Progress>, phase: string): Pace {
  let began = performance.now();
  return async (fraction) => {
    if (performance.now() - began < PIECE_MS) return;
    progress({ phase, fraction });
    await nextTask();
    signal.throwIfAborted();
    began = performance.now();
  };
}
