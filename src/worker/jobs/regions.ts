import type { Job } from './job.ts';

export const findRegions: Job<'regions'> = () => Promise.reject(new Error('not built yet'));
