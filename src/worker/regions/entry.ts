import type { RequestMessageOf } from '../requests.ts';
import type { RegionRequests } from './regionRequests.ts';
import { createRegionWorker } from './regionWorker.ts';

// A worker of its own, so that neither the page nor training waits for what is searched or laid out.

const handle = createRegionWorker((message) => self.postMessage(message));
self.addEventListener('message', ({ data }: MessageEvent<RequestMessageOf<RegionRequests>>) => void handle(data));
