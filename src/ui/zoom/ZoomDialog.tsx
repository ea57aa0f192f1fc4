import type { KeyboardEvent, ReactElement } from 'react';
import type { Overlay } from '../../domain/reports.ts';
import { useApp, useView } from '../app.ts';
import type { ShownClasses } from '../slots/useClasses.ts';
import { Dialog, DialogButtons } from '../widgets/Dialog.tsx';
import { Icon } from '../widgets/icons.tsx';
import { useZoom, type Zoom } from './useZoom.ts';
import { actionOf, applyAction, probedLabel, type ZoomAction } from './zoomActions.ts';
import styles from './ZoomDialog.module.css';
import { ZoomProbe } from './ZoomProbe.tsx';
import { ZoomStage } from './ZoomStage.tsx';
import { ZoomTools } from './ZoomTools.tsx';

interface DialogProps {
  readonly overlays: readonly Overlay[];
  readonly classes: ShownClasses;
  readonly isolated: number | undefined;
}

/** A watched image as large as the viewport, to be moved and enlarged; an arrow key leads to its neighbors. */
export function ZoomDialog({ overlays, classes, isolated }: DialogProps): ReactElement | null {
  const { view } = useApp();
  const zoomed = useView((state) => state.zoomed);
  const at = overlays.findIndex(({ imageIndex }) => imageIndex === zoomed);
  if (at < 0) return null;
  const go = (by: number): void => {
    const next = overlays[(at + by + overlays.length) % overlays.length];
    view.setState({ zoomed: next.imageIndex, hovered: undefined });
  };
  const place = overlays.length > 1 ? `${at + 1} of ${overlays.length}` : '';
  return <OpenDialog overlay={overlays[at]} place={place} classes={classes} isolated={isolated} onGo={go} />;
}

interface OpenProps {
  readonly overlay: Overlay;
  /** '' where there is only one image. */
  readonly place: string;
  readonly classes: ShownClasses;
  readonly isolated: number | undefined;
  onGo(by: number): void;
}

function OpenDialog({ overlay, place, classes, isolated, onGo }: OpenProps): ReactElement {
  const { view } = useApp();
  const zoom = useZoom(overlay.dimensions);
  const name = overlay.path.split('/').at(-1) ?? overlay.path;
  const act = (action: ZoomAction): void => applyAction(action, zoom, overlay.dimensions, onGo);
  const press = usePress(zoom, overlay, act);
  return (
    <Dialog
      name={`${name}, enlarged`}
      headed={false}
      className={styles.dialog}
      scope="zoom"
      testId="zoom-dialog"
      onKeyDown={press}
      onClose={() => view.setState({ zoomed: undefined, hovered: undefined })}
    >
      <header className={styles.head}>
        <h2 title={overlay.path}>{name}</h2>
        <span className={styles.place}>{place}</span>
        <ZoomTools act={act} hasNeighbors={place !== ''} scale={zoom.viewport.scale} />
        <DialogButtons>
          <button type="submit" className="icon-button" aria-label="Close" title="Close (Esc)">
            <Icon name="close" />
          </button>
        </DialogButtons>
      </header>
      <ZoomStage overlay={overlay} zoom={zoom} count={classes.count} isolated={isolated} name={name} />
      <ZoomProbe overlay={overlay} zoom={zoom} classes={classes} isolated={isolated} />
    </Dialog>
  );
}

/** Handles the keys of an enlarged image; buttons keep theirs. */
function usePress(zoom: Zoom, overlay: Overlay, act: (action: ZoomAction) => void): (event: KeyboardEvent) => void {
  const { view } = useApp();
  return (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    const pressed = key === 'Enter' || key === ' ';
    if (ctrlKey || metaKey || altKey || (pressed && target instanceof HTMLButtonElement)) return;
    if (pressed) {
      const label = probedLabel(zoom, overlay, view.getState().followEdges);
      if (label !== undefined) view.setState(({ pinned }) => ({ pinned: pinned === label ? undefined : label }));
    } else {
      const action = actionOf(event, zoom, overlay.dimensions);
      if (action === undefined) return;
      act(action);
    }
    event.preventDefault();
  };
}
