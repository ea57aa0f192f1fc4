import type { ReactElement } from 'react';
import type { RegionOverview } from '../../../domain/regions.ts';
import type { RegionList } from '../../../state/regions/regionLists.ts';
import { useClasses } from '../../slots/useClasses.ts';
import { prototypeCss } from '../../widgets/colors.ts';
import { plural } from '../../widgets/format.ts';
import { Cutout } from './Cutout.tsx';
import styles from './Line.module.css';

interface LineProps {
  readonly overview: RegionOverview;
  readonly list: RegionList;
  readonly line: number;
  /** Two of a pair, else one. */
  readonly photographs: readonly number[];
  readonly selected: boolean;
  /** In the tab order. */
  readonly active: boolean;
  readonly place: { readonly top: number; readonly column: number; readonly columns: number };
  readonly count: number;
  onPoint(): void;
  onFocus(): void;
  onToggle(): void;
}

/** A line of the list: cut-outs, and in a list of one column what they are. */
export function Line(props: LineProps): ReactElement {
  const { overview, list, line, photographs, place, count } = props;
  const region = list.per === 'region' ? list.items[line] : undefined;
  const texts = useTexts(props);
  const width = 100 / place.columns;
  return (
    <div
      role="option"
      aria-selected={props.selected}
      aria-setsize={count}
      aria-posinset={line + 1}
      aria-label={texts.join(', ')}
      title={texts.join('\n')}
      tabIndex={props.active ? 0 : -1}
      className={place.columns > 1 ? styles.cell : styles.line}
      style={{ transform: `translate(${100 * place.column}%, ${place.top}px)`, width: `${width}%` }}
      onPointerEnter={props.onPoint}
      onFocus={props.onFocus}
      onClick={props.onToggle}
      data-active={props.active}
      data-testid="map-line"
    >
      {photographs.map((image) => (
        <Cutout key={image} overview={overview} image={image} region={region} className={styles.cutout} />
      ))}
      {place.columns === 1 && (
        <span className={styles.texts}>
          {region !== undefined && <Swatch overview={overview} region={region} />}
          {texts.map((text, at) => (
            <span key={at} className={at > 0 ? 'muted' : ''}>
              {text}
            </span>
          ))}
        </span>
      )}
    </div>
  );
}

/** What a line shows, the most important first. */
function useTexts({ overview, list, line, photographs }: LineProps): readonly string[] {
  const { labelOf } = useClasses();
  const { regions, photographs: all } = overview;
  const value = list.values?.[line].toFixed(3);
  const paths = photographs.map((image) => all.paths[image]);
  const values = value === undefined ? [] : [value];
  if (list.per === 'region') return [labelOf(regions.prototype[list.items[line]]), ...values, ...paths];
  if (list.per === 'pair') return [...values, ...paths];
  const coverage = list.selection?.coverage[line];
  const image = photographs[0];
  const count = plural(all.regionStarts[image + 1] - all.regionStarts[image], 'region');
  return [...paths, coverage === undefined ? count : `${line + 1}. covers ${(100 * coverage).toFixed(0)}%`, ...values];
}

function Swatch({ overview, region }: { readonly overview: RegionOverview; readonly region: number }): ReactElement {
  const { count, leaders } = useClasses();
  const prototype = overview.regions.prototype[region];
  return <span className={`swatch ${styles.swatch}`} style={{ background: prototypeCss(leaders[prototype], count) }} />;
}
