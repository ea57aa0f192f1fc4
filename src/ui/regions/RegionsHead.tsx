import type { ReactElement, ReactNode } from 'react';
import { masksReadiness } from '../../state/session/readiness.ts';
import { isActive } from '../../state/session/run.ts';
import type { RegionOverview } from '../../domain/regions.ts';
import { useSession } from '../app.ts';
import { formatCount, plural } from '../widgets/format.ts';
import styles from './RegionsHead.module.css';
import { useFolderMap, useFolderMapState } from './useFolderMap.ts';

/** Makes the map; shows what it holds, its progress, or why it can't be made yet. */
export function RegionsHead({ children }: { readonly children: ReactNode }): ReactElement {
  const map = useFolderMap();
  const overview = useFolderMapState((state) => state.overview);
  const doing = useDoing();
  const why = useSession((state) => {
    const readiness = masksReadiness(state);
    return readiness.ready ? undefined : readiness.why;
  });
  const images = useSession((state) => {
    const readiness = masksReadiness(state);
    return readiness.ready ? readiness.images : 0;
  });
  return (
    <div className={styles.head}>
      <div className="panel-head">
        <h2>Map</h2>
        {children}
        <button
          type="button"
          className={overview ? undefined : 'primary'}
          onClick={() => {
            if (doing) map.cancel(doing.kind);
            else void map.make();
          }}
          disabled={!doing && why !== undefined}
          data-testid="make-map"
        >
          {doing ? 'Cancel' : overview ? 'Update' : images > 0 ? `Map ${plural(images, 'image')}` : 'Map the images'}
        </button>
      </div>
      {doing && <progress max={1} value={doing.fraction > 0 ? doing.fraction : undefined} aria-label={doing.phase} />}
      <p className="muted" role="status" data-testid="map-state">
        {doing ? <Doing phase={doing.phase} /> : overview ? <Held overview={overview} /> : <Preview why={why} />}
      </p>
    </div>
  );
}

/** What keeps the map from being complete, if anything does. */
function useDoing() {
  const pass = useSession(({ jobs }) => jobs.find(({ kind }) => kind === 'regions'));
  const work = useFolderMapState(({ works }) => works.find(({ kind }) => kind === 'open' || kind === 'layout'));
  return pass ? { kind: 'pass' as const, phase: pass.phase, fraction: pass.fraction } : work;
}

function Doing({ phase }: { readonly phase: string }): ReactElement {
  const trains = useSession(({ run, jobs }) => isActive(run) && jobs.some(({ kind }) => kind === 'regions'));
  return (
    <>
      {phase}…{trains && ' Training waits meanwhile.'}
    </>
  );
}

function Held({ overview }: { readonly overview: RegionOverview }): ReactElement {
  const isKept = useFolderMapState((state) => state.isKept);
  const { origin, regions, photographs, isComplete } = overview;
  return (
    <>
      {plural(regions.count, 'region')} of {plural(photographs.count, 'image')} at step {formatCount(origin.step)}
      {!isComplete && `, of ${formatCount(origin.images)}: Update goes on`}
      {!isKept && ', not kept: the browser’s storage is closed or full'}.
    </>
  );
}

function Preview({ why }: { readonly why: string | undefined }): ReactElement {
  return (
    <>
      Every region of every image becomes a point, like beside like: to find what resembles a region, near-duplicates,
      outliers, and what to label first. {why}
    </>
  );
}
