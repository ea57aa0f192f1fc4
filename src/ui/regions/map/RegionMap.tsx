import { useEffect, useMemo, useRef, useState, type ReactElement, type RefObject } from 'react';
import type { RegionOverview } from '../../../domain/regions.ts';
import { nextTask } from '../../../lib/async/nextTask.ts';
import type { SetChange } from '../../../state/regions/regionSet.ts';
import { markShown } from '../../../state/regions/regionLists.ts';
import { isolatedPrototype } from '../../../state/view/view.ts';
import { useView } from '../../app.ts';
import { useClasses } from '../../slots/useClasses.ts';
import { plural } from '../../widgets/format.ts';
import { useDark } from '../../widgets/useDark.ts';
import { useDeviceSize } from '../../widgets/useDeviceSize.ts';
import { useWheel } from '../../zoom/useWheel.ts';
import { useFolderMap, useFolderMapState } from '../useFolderMap.ts';
import { HoverCard } from './HoverCard.tsx';
import type { MapGroups } from './mapGroups.ts';
import { MapTools } from './MapTools.tsx';
import { createMapView, type MapView } from './mapView.ts';
import type { MapPlace } from './mapWindow.ts';
import { pointColors } from './pointColors.ts';
import styles from './RegionMap.module.css';
import { MAP_KEYS, useMapKeys } from './useMapKeys.ts';
import { useMapPointing } from './useMapPointing.ts';

interface MapProps {
  readonly overview: RegionOverview;
  readonly groups: MapGroups;
  readonly positions: Float32Array;
}

/** Maximum longer side of the map in device pixels. */
const MAX_SIDE = 4096;

/** All regions as points, like beside like. */
export function RegionMap({ overview, groups, positions }: MapProps): ReactElement {
  const map = useFolderMap();
  const [lassoing, setLassoing] = useState(false);
  const [hovered, setHovered] = useState<MapPlace>();
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useMapView(stage, canvas, positions);
  usePaint(view, overview, groups, positions);
  const acts = {
    onPoint: (region: number | undefined, at: MapPlace) => {
      map.point(region);
      setHovered(region === undefined ? undefined : at);
    },
    onSelect: map.select,
    onLasso: async (inside: Uint32Array, change: SetChange) => {
      setLassoing(false);
      // Finding what is inside and drawing it are two tasks: together they keep the page waiting.
      await nextTask();
      map.select(inside, change);
      void map.show('selected');
    },
  };
  useWheel(stage, (factor, x, y) => view.current?.zoom(factor, { x, y }));
  const pointing = useMapPointing(view, { ...acts, lassoing });
  const keys = useMapKeys(view, acts);
  return (
    <div className={styles.map}>
      <div
        ref={stage}
        className={styles.stage}
        tabIndex={0}
        role="application"
        aria-label={`Map of ${plural(overview.regions.count, 'region')}`}
        aria-describedby="map-keys"
        {...pointing}
        {...keys}
        data-testid="map-stage"
      >
        <canvas ref={canvas} />
      </div>
      <p id="map-keys" hidden>
        {MAP_KEYS}
      </p>
      {hovered && <HoverCard overview={overview} at={hovered} />}
      <MapTools view={view} lassoing={lassoing} onLasso={setLassoing} />
    </div>
  );
}

/** The map on a canvas that fills its stage. */
function useMapView(
  stage: RefObject<HTMLDivElement | null>,
  canvas: RefObject<HTMLCanvasElement | null>,
  positions: Float32Array,
): RefObject<MapView | undefined> {
  const view = useRef<MapView>(undefined);
  const { width, height } = useDeviceSize(stage, MAX_SIDE);
  useEffect(() => {
    if (!canvas.current) return;
    const created = createMapView(canvas.current);
    view.current = created;
    return created.stop;
  }, [canvas]);
  useEffect(() => {
    const element = stage.current;
    if (!element || width * height === 0) return;
    view.current?.resize({ width: element.clientWidth, height: element.clientHeight }, { width, height });
  }, [stage, width, height]);
  useEffect(() => view.current?.setPositions(positions), [positions]);
  return view;
}

/** Packed words and colors of the two themes: the page's surface, and its text around what is selected. */
const THEMES = {
  dark: { background: [0x1e, 0x1f, 0x22], ring: 0xffeae7e6, line: '#e6e7ea' },
  light: { background: [0xfc, 0xfc, 0xfd], ring: 0xff231f1d, line: '#1d1f23' },
} as const;

/** Shows groups, selection and what is pointed at. */
function usePaint(
  view: RefObject<MapView | undefined>,
  { regions, photographs }: RegionOverview,
  groups: MapGroups,
  positions: Float32Array,
): void {
  const { leaders, leaderOf } = useClasses();
  const { background, ring, line } = THEMES[useDark() ? 'dark' : 'light'];
  const isolated = leaderOf(useView(isolatedPrototype));
  const list = useFolderMapState((state) => state.list);
  const selected = useFolderMapState((state) => state.selected);
  const pointed = useFolderMapState((state) => state.pointed);
  const colors = useMemo(() => {
    const isPlain = list.kind === 'all' || list.kind === 'selected';
    let marked = isPlain ? undefined : markShown(list, photographs);
    if (isolated !== undefined) {
      const shown = marked;
      marked = Uint8Array.from(regions.prototype, (prototype, region) =>
        leaders[prototype] === isolated ? (shown?.[region] ?? 1) : 0,
      );
    }
    return pointColors(groups, background, marked);
  }, [list, photographs, regions, groups, background, isolated, leaders]);
  useEffect(() => view.current?.paint({ colors, ring, line }), [view, colors, ring, line]);
  useEffect(() => view.current?.paint({ selected }), [view, selected]);
  useEffect(() => {
    view.current?.paint({ pointed });
    if (pointed === undefined) return;
    view.current?.reveal({ x: positions[2 * pointed], y: positions[2 * pointed + 1] });
  }, [view, pointed, positions]);
}
