import { useEffect, useMemo, useRef, type KeyboardEvent, type ReactElement } from 'react';
import type { Overlay } from '../../domain/reports.ts';
import { useApp, useView } from '../app.ts';
import { prototypeCss } from '../widgets/colors.ts';
import { formatPercent } from '../widgets/format.ts';
import { Icon, type IconName } from '../widgets/icons.tsx';
import { rankLabels } from '../slots/rankLabels.ts';
import type { ShownClasses } from '../slots/useClasses.ts';
import { useZoom, type Zoom } from './useZoom.ts';
import { ZoomStage } from './ZoomStage.tsx';
import { fitWindow, isFitted, panBy, pixelAt, zoomAt } from './zoomWindow.ts';

interface DialogProps {
  readonly overlays: readonly Overlay[];
  readonly classes: ShownClasses;
  readonly isolated: number | undefined;
}

const STEP = 1.4;
const PAN_PX = 60;

/** A watched image as large as the window, to be moved and enlarged; its neighbors are an arrow key away. */
export function ZoomDialog({ overlays, classes, isolated }: DialogProps): ReactElement | null {
  const { view } = useApp();
  const zoomed = useView((state) => state.zoomed);
  const at = overlays.findIndex(({ imageIndex }) => imageIndex === zoomed);
  const overlay = overlays[at];
  if (!overlay) return null;
  const go = (by: number): void => {
    const next = overlays[(at + by + overlays.length) % overlays.length];
    view.setState({ zoomed: next?.imageIndex, hovered: undefined });
  };
  const place = overlays.length > 1 ? `${at + 1} of ${overlays.length}` : '';
  return <OpenDialog overlay={overlay} place={place} classes={classes} isolated={isolated} onGo={go} />;
}

interface OpenProps {
  readonly overlay: Overlay;
  readonly place: string;
  readonly classes: ShownClasses;
  readonly isolated: number | undefined;
  onGo(by: number): void;
}

function OpenDialog({ overlay, place, classes, isolated, onGo }: OpenProps): ReactElement {
  const { view } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const zoom = useZoom(overlay.size);
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>('.live')?.focus();
  }, []);
  const name = overlay.path.split('/').at(-1) ?? overlay.path;
  const act = (name: Action): void => applyAction(name, zoom, overlay.size, onGo);
  const press = usePress(zoom, overlay, act);
  return (
    <dialog
      ref={dialog}
      className="zoom"
      aria-label={`${name}, enlarged`}
      onClose={() => view.setState({ zoomed: undefined, hovered: undefined })}
      onKeyDown={press}
      data-testid="zoom-dialog"
    >
      <header className="zoom-head">
        <h2 title={overlay.path}>{name}</h2>
        <span className="muted">{place}</span>
        <Tools act={act} several={place !== ''} scale={zoom.window.scale} />
        <button
          type="button"
          className="icon-button zoom-close"
          aria-label="Close"
          title="Close (Esc)"
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
      </header>
      <ZoomStage overlay={overlay} zoom={zoom} count={classes.count} isolated={isolated} name={name} />
      <Probe overlay={overlay} zoom={zoom} classes={classes} isolated={isolated} />
    </dialog>
  );
}

/** The keys of an enlarged image; buttons keep theirs. */
function usePress(zoom: Zoom, overlay: Overlay, act: (action: Action) => void): (event: KeyboardEvent) => void {
  const { view } = useApp();
  return (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    const pressed = key === 'Enter' || key === ' ';
    if (ctrlKey || metaKey || altKey || (pressed && target instanceof HTMLButtonElement)) return;
    if (pressed) {
      const label = probed(zoom, overlay);
      if (label !== undefined) view.setState(({ pinned }) => ({ pinned: pinned === label ? undefined : label }));
    } else {
      const action = actionOf(key, isFitted(zoom.window, overlay.size, zoom.stage));
      if (action === undefined) return;
      act(action);
    }
    event.preventDefault();
  };
}

type Action = 'previous' | 'next' | 'in' | 'out' | 'fit' | 'left' | 'right' | 'up' | 'down';

const TOOLS: readonly { readonly action: Action; readonly icon: IconName; readonly label: string }[] = [
  { action: 'previous', icon: 'previous', label: 'Previous image (Page up)' },
  { action: 'next', icon: 'next', label: 'Next image (Page down)' },
  { action: 'out', icon: 'minus', label: 'Smaller (−)' },
  { action: 'in', icon: 'plus', label: 'Larger (+)' },
  { action: 'fit', icon: 'fit', label: 'Whole image (0)' },
];

interface ToolsProps {
  act(action: Action): void;
  readonly several: boolean;
  readonly scale: number;
}

function Tools({ act, several, scale }: ToolsProps): ReactElement {
  return (
    <div className="zoom-tools">
      {TOOLS.map(({ action, icon, label }) => (
        <button
          key={action}
          type="button"
          className="icon-button"
          aria-label={label}
          title={label}
          disabled={!several && (action === 'previous' || action === 'next')}
          onClick={() => act(action)}
          data-testid={`zoom-${action}`}
        >
          <Icon name={icon} />
        </button>
      ))}
      <output className="zoom-scale muted" data-testid="zoom-scale">
        {scale.toFixed(1)}×
      </output>
    </div>
  );
}

/** Arrows move about in an enlarged image; where there is nothing to move, they lead to its neighbors. */
function actionOf(key: string, fitted: boolean): Action | undefined {
  switch (key) {
    case '+':
    case '=':
      return 'in';
    case '-':
      return 'out';
    case '0':
    case 'Home':
      return 'fit';
    case 'PageUp':
      return 'previous';
    case 'PageDown':
      return 'next';
    case 'ArrowLeft':
      return fitted ? 'previous' : 'left';
    case 'ArrowRight':
      return fitted ? 'next' : 'right';
    case 'ArrowUp':
      return 'up';
    case 'ArrowDown':
      return 'down';
    default:
      return undefined;
  }
}

function applyAction(
  action: Action,
  { window, stage, show, probe }: Zoom,
  size: number,
  onGo: (by: number) => void,
): void {
  const [x, y] = [stage.width / 2, stage.height / 2];
  const pan = (across: number, down: number): void => {
    show(panBy(window, PAN_PX * across, PAN_PX * down, size, stage));
    probe(undefined);
  };
  switch (action) {
    case 'previous':
      return onGo(-1);
    case 'next':
      return onGo(1);
    case 'in':
      return show(zoomAt(window, STEP, x, y, size, stage));
    case 'out':
      return show(zoomAt(window, 1 / STEP, x, y, size, stage));
    case 'fit':
      return show(fitWindow(size, stage));
    case 'left':
      return pan(1, 0);
    case 'right':
      return pan(-1, 0);
    case 'up':
      return pan(0, 1);
    case 'down':
      return pan(0, -1);
  }
}

/** The prototype under the pointer, else at the middle. */
function probed({ window, stage, pointer }: Zoom, { labels, size }: Overlay): number | undefined {
  const at = pixelAt(window, pointer?.x ?? stage.width / 2, pointer?.y ?? stage.height / 2, size);
  return at === undefined ? undefined : labels[at];
}

interface ProbeProps {
  readonly overlay: Overlay;
  readonly zoom: Zoom;
  readonly classes: ShownClasses;
  readonly isolated: number | undefined;
}

function Probe({ overlay, zoom, classes, isolated }: ProbeProps): ReactElement {
  const { count, labelOf } = classes;
  const ranked = useMemo(() => rankLabels(overlay.labels, count), [overlay.labels, count]);
  const label = probed(zoom, overlay) ?? isolated;
  const share = ranked.find(({ prototype }) => prototype === label)?.share ?? 0;
  return (
    <footer className="zoom-foot">
      <output className="zoom-probe" data-testid="zoom-probe">
        {label === undefined ? (
          'No slot here'
        ) : (
          <>
            <span className="swatch" style={{ background: prototypeCss(label, count) }} />
            {labelOf(label)} · {formatPercent(share)} of the image
          </>
        )}
        <span className="muted">{zoom.pointer ? 'under the pointer' : 'at the middle'}</span>
      </output>
      <span className="zoom-keys muted">
        wheel, pinch, + − enlarge · drag or arrows move · Enter or a click isolates · O overlay · S side by side
      </span>
    </footer>
  );
}
