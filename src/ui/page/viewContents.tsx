import type { ComponentType } from 'react';
import type { MainView } from '../../state/view/view.ts';
import { GalleryView } from '../gallery/GalleryView.tsx';
import { RunsView } from '../runs/RunsView.tsx';
import { ScoresView } from '../scores/ScoresView.tsx';
import { TrainingView } from '../training/TrainingView.tsx';

/** Label and component of each view of the main column. */
export const VIEW_CONTENTS: Readonly<Record<MainView, { readonly label: string; readonly component: ComponentType }>> =
  {
    run: { label: 'Training', component: TrainingView },
    prototypes: { label: 'Prototypes', component: GalleryView },
    scores: { label: 'Scores', component: ScoresView },
    runs: { label: 'Runs', component: RunsView },
  };
