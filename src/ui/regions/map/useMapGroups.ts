import { useMemo } from 'react';
import type { RegionClasses, RegionOverview } from '../../../domain/regions.ts';
import { useClasses } from '../../slots/useClasses.ts';
import { folderOf, groupByDate, groupByName, groupByPrototype, type ColorKind, type MapGroups } from './mapGroups.ts';

const NO_CLASSES: RegionClasses = { classes: new Int16Array(), names: [] };

/** The regions in groups of one kind. */
export function useMapGroups(
  kind: ColorKind,
  { regions, photographs }: RegionOverview,
  classes: RegionClasses | undefined,
): MapGroups {
  const { leaders, labelOf } = useClasses();
  return useMemo(() => {
    switch (kind) {
      case 'prototype':
        return groupByPrototype(regions.prototype, leaders, labelOf);
      case 'date':
        return groupByDate(regions.image, photographs.dates);
      case 'folder': {
        const folders = photographs.paths.map((path) => folderOf(path) || '(top)');
        return groupByName(folders, regions.image, '');
      }
      case 'class': {
        const { names, classes: places } = classes ?? NO_CLASSES;
        // -1 is none.
        return groupByName(
          ['', ...names],
          places.map((at) => at + 1),
          'no mask',
        );
      }
    }
  }, [kind, regions, photographs, classes, leaders, labelOf]);
}
