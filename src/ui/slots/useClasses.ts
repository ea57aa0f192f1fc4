import { useMemo } from 'react';
import { classLabel, classOf, leadersOf } from '../../domain/classes.ts';
import { shownConfig } from '../../state/session/resume.ts';
import { useSession } from '../app.ts';

/** Classes of the model whose overlays are shown. */
export interface ShownClasses {
  /** Prototypes of the model. */
  readonly count: number;
  /** For each prototype the first one of its class, whose color it is shown in. */
  readonly leaders: Uint16Array;
  /** First prototype of the class of a prototype. */
  leaderOf(prototype: number | undefined): number | undefined;
  /** Name of the class of a prototype. */
  labelOf(prototype: number): string;
}

export function useClasses(): ShownClasses {
  const classes = useSession((state) => state.classes.present);
  const count = useSession((state) => shownConfig(state)?.prototypes ?? 0);
  return useMemo(() => {
    const leaders = leadersOf(classes, count);
    return {
      count,
      leaders,
      leaderOf: (prototype) => (prototype === undefined ? undefined : leaders.at(prototype)),
      labelOf: (prototype) => classLabel(classOf(classes, prototype)),
    };
  }, [classes, count]);
}
