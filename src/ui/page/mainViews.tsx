import type { ComponentType } from 'react';
import type { MainView } from '../../state/view/view.ts';
import { GalleryView } from '../gallery/GalleryView.tsx';
import { RunsView } from '../runs/RunsView.tsx';
import { ScoresView } from '../scores/ScoresView.tsx';
import { TrainingView } from '../training/TrainingView.tsx';

/** Views of the main column, in the order of its switch. */
export const MAIN_VIEWS: Readonly<Record<MainView, { readonly label: string; readonly component: ComponentType }>> = {
  run: { label: 'Training', component: TrainingView },
  prototypes: { label: 'Prototypes', component: GalleryView },
  scores: { label: 'Scores', component: ScoresView },
  runs: { label: 'Runs', component: RunsView },
};
