import type { SeriesName } from '../../state/runs/series.ts';

export interface ChartLine<Name extends string = SeriesName> {
  readonly name: Name;
  readonly label: string;
  /** A color, or the CSS variable of one. */
  readonly color: string;
  /** Drawn smoothed and strong, over the raw line, thin and pale. */
  readonly smoothed: boolean;
  /** Vertical scale; lines of one chart may have two. */
  readonly scale: 'y' | 'y2';
  readonly dash?: readonly number[];
  readonly help: string;
}

/** Where a chart takes its points from: x and, for every line, y. */
export interface ChartSource<Name extends string> {
  steps(): Float64Array;
  /** `undefined` where a line has no point. */
  values(name: Name): Float64Array | readonly (number | undefined)[];
  /** Called after any change. Returns the way to stop. */
  subscribe(listener: () => void): () => void;
}

export interface ChartSpec<Name extends string = SeriesName> {
  readonly title: string;
  readonly lines: readonly ChartLine<Name>[];
  /** Few points, which are to be seen. */
  readonly dotted?: boolean;
  /** A click leads to no overlays. */
  readonly scrubs?: false;
  /** Fixed range of `y`; follows the data if undefined. */
  readonly range?: readonly [number, number];
}

const line = (
  name: SeriesName,
  label: string,
  color: string,
  help: string,
  more: Partial<ChartLine> = {},
): ChartLine => ({
  name,
  label,
  color,
  help,
  smoothed: false,
  scale: 'y',
  ...more,
});

export const CHARTS: readonly ChartSpec[] = [
  {
    title: 'Losses',
    lines: [
      line('loss', 'total', '--line-total', 'Weighted sum of both losses.', { smoothed: true }),
      line('lossGroup', 'grouping', '--line-group', 'Both views should sort the same place alike.', { smoothed: true }),
      line('lossSlot', 'slot', '--line-slot', 'A slot should be told from all others of the batch.', {
        smoothed: true,
      }),
    ],
  },
  {
    title: 'Health',
    range: [0, 1],
    lines: [
      line('agreement', 'agreement', '--line-a', 'Share of cells for which both views choose the same prototype.'),
      line('assignmentEntropy', 'entropy', '--line-b', 'How undecided a cell is; 1 is uniform.'),
      line('meanAssignmentEntropy', 'mean entropy', '--line-c', 'How evenly the prototypes are used; 1 is uniform.'),
      line(
        'featureCosine',
        'cosine',
        '--line-d',
        'How alike the features of different cells are; near 1 is a collapse.',
      ),
      line('usedShare', 'used', '--line-e', 'Share of prototypes that hold more than 0.5% of the cells.', {
        dash: [2, 3],
      }),
    ],
  },
  {
    title: 'Schedules',
    lines: [
      line('lr', 'learning rate', '--line-a', 'Learning rate of the step.'),
      line('teacherMomentum', 'momentum', '--line-d', 'Share of the teacher that stays at a step; rises to 1.', {
        scale: 'y2',
      }),
    ],
  },
];
