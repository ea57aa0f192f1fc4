/** A sentence for the person to know before a run, about its images or settings. */
export interface Note {
  /** `warning`: the run may teach little or fail. */
  readonly level: 'info' | 'warning';
  readonly text: string;
}
