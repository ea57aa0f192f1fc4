/** Memory that a run takes on the device, in bytes. Photographs and what is drawn of them come on top. */
export interface RunMemory {
  /** Weights of both networks, statistics and the optimizer's state. */
  readonly networks: number;
  /** Earlier states, to go back to when a loss isn't finite. */
  readonly kept: number;
  /** Everything that a step computes. */
  readonly step: number;
}

export function totalBytes({ networks, kept, step }: RunMemory): number {
  return networks + kept + step;
}
