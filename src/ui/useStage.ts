import { useSession } from './app.ts';

/** Stage of the page: without images, with images, with a run. */
export function useStage(): 'empty' | 'ready' | 'run' {
  return useSession(({ run, images }) =>
    run.status !== 'idle' ? 'run' : images.status === 'empty' ? 'empty' : 'ready',
  );
}
