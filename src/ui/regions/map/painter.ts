import { frames } from '../../widgets/frameQueue.ts';
import { pixelAt, type MapWindow, type MapPlace } from './mapWindow.ts';
import { pointRadius, splat } from './splat.ts';

/** What the map shows. */
export interface MapScene {
  /** x, y of each region, [N,2]. */
  readonly positions: Float32Array;
  /** Packed, [N]. */
  readonly colors: Uint32Array;
  readonly selected: Uint32Array;
  /** The region under the pointer, or of the list's active line. */
  readonly pointed: number | undefined;
  /** In CSS pixels. */
  readonly window: MapWindow;
  /** How much the window is enlarged against all points. */
  readonly enlarged: number;
  /** Corners of the lasso, in places of the map. */
  readonly lasso: readonly MapPlace[];
  /** A cross in the middle, where keys act. */
  readonly cross: boolean;
  /** Packed color of what is around selected points, and style of lines. */
  readonly ring: number;
  readonly line: string;
}

export interface MapPainter {
  /** Draws the scene with these changes in the next frame. */
  show(change: Partial<MapScene>): void;
  /** Size in device pixels. */
  resize(width: number, height: number, density: number): void;
  stop(): void;
}

const EMPTY: MapScene = {
  positions: new Float32Array(),
  colors: new Uint32Array(),
  selected: new Uint32Array(),
  pointed: undefined,
  window: { left: 0, top: 0, scale: 1 },
  enlarged: 1,
  lasso: [],
  cross: false,
  ring: 0,
  line: '',
};

/** What is drawn over the points, which need not be drawn again for it. */
const OVER_POINTS: readonly string[] = ['pointed', 'lasso', 'cross'] satisfies (keyof MapScene)[];

/** Half the length of the cross in CSS pixels. */
const CROSS = 8;

/** Draws the map into a canvas, once per frame at most; many points in slices, over several frames where they must. */
export function createMapPainter(canvas: HTMLCanvasElement): MapPainter {
  let scene = EMPTY;
  let density = 1;
  let image: ImageData | undefined;
  /** Whether the points of the scene are in the image, or being drawn: that goes on to its end before they are drawn anew. */
  let arePointsDrawn = false;
  let drawing: Generator<undefined, void> | undefined;
  const draw = (): boolean => {
    const context = canvas.getContext('2d');
    if (!image || !context) return false;
    if (!arePointsDrawn && !drawing) {
      drawing = drawPoints(image, scene, density);
      arePointsDrawn = true;
    }
    if (drawing && !drawing.next().done) return true;
    drawing = undefined;
    context.putImageData(image, 0, 0);
    drawPointed(context, scene, density);
    drawLines(context, scene, density);
    return !arePointsDrawn;
  };
  return {
    show: (change) => {
      scene = { ...scene, ...change };
      arePointsDrawn &&= Object.keys(change).every((key) => OVER_POINTS.includes(key));
      frames.add(canvas, draw);
    },
    resize: (width, height, pixels) => {
      density = pixels;
      if (width * height === 0) return;
      [canvas.width, canvas.height] = [width, height];
      image = new ImageData(width, height);
      [arePointsDrawn, drawing] = [false, undefined];
      frames.add(canvas, draw);
    },
    stop: () => frames.remove(canvas),
  };
}

function* drawPoints({ width, height, data }: ImageData, scene: MapScene, density: number): Generator<undefined, void> {
  const { positions, colors, selected, ring } = scene;
  const raster = { width, height, words: new Uint32Array(data.buffer) };
  const window = { ...scene.window, scale: scene.window.scale * density };
  const radius = pointRadius(colors.length, scene.enlarged) * density;
  raster.words.fill(0);
  yield* splat(raster, window, positions, colors, radius);
  if (selected.length === 0) return;
  yield* splat(raster, window, positions, ring, radius + 1.5 * density, selected);
  yield* splat(raster, window, positions, colors, radius, selected);
}

function drawPointed(context: CanvasRenderingContext2D, scene: MapScene, density: number): void {
  const { positions, colors, pointed, ring, window, enlarged } = scene;
  if (pointed === undefined || pointed >= colors.length) return;
  const { x, y } = pixelAt(window, { x: positions[2 * pointed], y: positions[2 * pointed + 1] });
  const radius = pointRadius(colors.length, enlarged);
  const disc = (packed: number, reach: number): void => {
    context.fillStyle = `rgb(${packed & 255} ${(packed >> 8) & 255} ${(packed >> 16) & 255})`;
    context.beginPath();
    context.arc(x * density, y * density, (radius + reach) * density, 0, 2 * Math.PI);
    context.fill();
  };
  disc(ring, 4);
  disc(colors[pointed], 2);
}

function drawLines(context: CanvasRenderingContext2D, scene: MapScene, density: number): void {
  const { window, lasso, line, cross } = scene;
  const { width, height } = context.canvas;
  context.lineWidth = 1.5 * density;
  context.strokeStyle = line;
  context.beginPath();
  for (const place of lasso) {
    const { x, y } = pixelAt(window, place);
    context.lineTo(x * density, y * density);
  }
  const reach = CROSS * density;
  if (cross) {
    if (lasso.length > 0) context.lineTo(width / 2, height / 2);
    context.moveTo(width / 2 - reach, height / 2);
    context.lineTo(width / 2 + reach, height / 2);
    context.moveTo(width / 2, height / 2 - reach);
    context.lineTo(width / 2, height / 2 + reach);
  }
  context.stroke();
}
