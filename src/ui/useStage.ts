import { useSession } from './app.ts';

/** How far the person has come: nothing, images, a run. */
export function useStage(): 'empty' | 'ready' | 'run' {
  return useSession(({ run, images }) =>
    run.status !== 'idle' ? 'run' : images.status === 'empty' ? 'empty' : 'ready',
  );
}
