import { lazy, type ComponentType } from 'react';
import type { MainView } from '../../state/view/view.ts';
import { TrainingView } from '../training/TrainingView.tsx';

/** Label and component of each view of the main column. All but the first are loaded when they are opened. */
export const VIEW_CONTENTS: Readonly<Record<MainView, { readonly label: string; readonly component: ComponentType }>> =
  {
    run: { label: 'Training', component: TrainingView },
    prototypes: {
      label: 'Prototypes',
      component: lazy(async () => ({ default: (await import('../gallery/GalleryView.tsx')).GalleryView })),
    },
    map: {
      label: 'Map',
      component: lazy(async () => ({ default: (await import('../regions/RegionsView.tsx')).RegionsView })),
    },
    scores: {
      label: 'Scores',
      component: lazy(async () => ({ default: (await import('../scores/ScoresView.tsx')).ScoresView })),
    },
    try: {
      label: 'Try',
      component: lazy(async () => ({ default: (await import('../trial/TrialView.tsx')).TrialView })),
    },
    runs: {
      label: 'Runs',
      component: lazy(async () => ({ default: (await import('../runs/RunsView.tsx')).RunsView })),
    },
    explore: {
      label: 'Explore',
      component: lazy(async () => ({ default: (await import('../explore/ExploreView.tsx')).ExploreView })),
    },
  };
