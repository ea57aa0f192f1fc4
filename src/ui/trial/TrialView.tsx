import { useEffect, useRef, type ReactElement } from 'react';
import { useStore } from 'zustand';
import { shownConfig } from '../../state/session/resume.ts';
import { isolatedPrototype } from '../../state/view/view.ts';
import { useApp, useSession, useView } from '../app.ts';
import { useClasses } from '../slots/useClasses.ts';
import { formatRate, plural } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';
import { ViewBody, ViewPane } from '../widgets/ViewPane.tsx';
import { TrialTile } from './TrialTile.tsx';
import styles from './TrialView.module.css';

/** Slots of new pictures, and live of a camera, by the model on the screen. */
export function TrialView(): ReactElement {
  const { trial } = useApp();
  const { pictures, reading, problems, camera } = useStore(trial.store);
  const hasModel = useSession((state) => shownConfig(state) !== undefined && state.run.status !== 'preparing');
  const classes = useClasses();
  const isolated = classes.leaderOf(useView(isolatedPrototype));
  const shown = useView((state) => state.overlayShown);
  const opacity = useView((state) => state.overlayOpacity);
  useModelChanges();
  usePastedPictures(hasModel);
  // The light of the camera goes off when the view is left.
  useEffect(() => trial.stopCamera, [trial]);
  const style = { '--overlay-opacity': shown ? opacity : 0 } as Record<string, number>;
  const tile = { classes, isolated: shown ? isolated : undefined };
  return (
    <ViewPane testId="trial">
      <Head hasModel={hasModel} />
      <ViewBody>
        <div style={style}>
          {!hasModel && <p>There is no model yet: start a run, or load a checkpoint. Then try it on pictures here.</p>}
          {hasModel && pictures.length === 0 && camera.status === 'off' && (
            <p>
              Drop, paste or choose pictures that the model has never seen, or start the camera: they appear here beside
              their slots. Nothing leaves this computer, and frames of the camera are not stored.
            </p>
          )}
          {camera.status === 'off' && camera.problem !== undefined && <p role="alert">{camera.problem}</p>}
          {problems.map((problem) => (
            <p key={problem} role="alert">
              {problem}
            </p>
          ))}
          {reading > 0 && <p role="status">Reading {plural(reading, 'picture')}…</p>}
          <div className={styles.pictures}>
            {camera.status === 'on' && camera.frame && (
              <TrialTile picture={camera.frame} note={`${formatRate(camera.rate)} images/s`} {...tile} />
            )}
            {pictures.map((picture) => (
              <TrialTile key={picture.id} picture={picture} {...tile} />
            ))}
          </div>
        </div>
      </ViewBody>
    </ViewPane>
  );
}

function Head({ hasModel }: { readonly hasModel: boolean }): ReactElement {
  const { trial } = useApp();
  const input = useRef<HTMLInputElement>(null);
  const camera = useStore(trial.store, (state) => state.camera.status);
  const isEmpty = useStore(trial.store, (state) => state.pictures.length === 0);
  return (
    <div className={`panel-head ${styles.head}`}>
      <h2>Try it on something new</h2>
      <input
        ref={input}
        type="file"
        accept="image/*,.heic,.heif,.tif,.tiff,.jxl"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          void trial.add([...(currentTarget.files ?? [])]);
          // The same file can be chosen again.
          currentTarget.value = '';
        }}
        data-testid="trial-input"
      />
      <button type="button" className="small" disabled={!hasModel} onClick={() => input.current?.click()}>
        <Icon name="upload" /> Choose pictures
      </button>
      {camera === 'off' ? (
        <button
          type="button"
          className="small"
          disabled={!hasModel}
          onClick={() => void trial.startCamera()}
          data-testid="trial-camera"
        >
          <Icon name="play" /> Start camera
        </button>
      ) : (
        <button type="button" className="small" onClick={trial.stopCamera} data-testid="trial-camera">
          <Icon name="stop" /> {camera === 'starting' ? 'Starting camera…' : 'Stop camera'}
        </button>
      )}
      {!isEmpty && (
        <button type="button" className="small" onClick={trial.clear}>
          Clear
        </button>
      )}
    </div>
  );
}

/** Segments the pictures again when there is another model, and when a run has paused or ended. */
function useModelChanges(): void {
  const { trial } = useApp();
  const subject = useSession(({ run, resume }) => {
    const loaded = run.status === 'idle' && resume.status === 'loaded' ? resume.source : undefined;
    return loaded ?? run.status;
  });
  useEffect(() => void trial.refresh(), [trial, subject]);
}

/** Adds pictures from the clipboard. */
function usePastedPictures(hasModel: boolean): void {
  const { trial } = useApp();
  useEffect(() => {
    const paste = ({ clipboardData }: ClipboardEvent): void => {
      const files = [...(clipboardData?.files ?? [])];
      if (hasModel && files.length > 0) void trial.add(files);
    };
    window.addEventListener('paste', paste);
    return () => window.removeEventListener('paste', paste);
  }, [trial, hasModel]);
}
