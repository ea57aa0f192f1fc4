import type { Bounds, Shape } from './canvas.ts';
import { type NoiseField, SCENE_SIZE } from './noise.ts';

/** Shapes that things are built of, as signed distances (approximate away from the edge). */

export function ellipse(cx: number, cy: number, rx: number, ry: number): Shape {
  const smaller = Math.min(rx, ry);
  return {
    distance: (x, y) => (Math.sqrt(((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2) - 1) * smaller,
    bounds: [cx - rx, cy - ry, cx + rx, cy + ry],
  };
}

export function rectangle(x0: number, y0: number, x1: number, y1: number): Shape {
  return {
    distance: (x, y) => Math.max(x0 - x, x - x1, y0 - y, y - y1),
    bounds: [x0, y0, x1, y1],
  };
}

/** A convex polygon; corners in clockwise order on the screen (y down). */
export function polygon(...corners: readonly (readonly [number, number])[]): Shape {
  const edges = corners.map(([x0, y0], index) => {
    const [x1, y1] = corners[(index + 1) % corners.length];
    const length = Math.hypot(x1 - x0, y1 - y0);
    return { x0, y0, nx: (y1 - y0) / length, ny: (x0 - x1) / length };
  });
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return {
    distance: (x, y) => {
      let farthest = -Infinity;
      for (const edge of edges) farthest = Math.max(farthest, (x - edge.x0) * edge.nx + (y - edge.y0) * edge.ny);
      return farthest;
    },
    bounds: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)],
  };
}

/** A line with round ends. */
export function stroke(x0: number, y0: number, x1: number, y1: number, radius: number): Shape {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const squared = dx * dx + dy * dy;
  return {
    distance: (x, y) => {
      const along = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / squared));
      return Math.hypot(x - x0 - along * dx, y - y0 - along * dy) - radius;
    },
    bounds: [
      Math.min(x0, x1) - radius,
      Math.min(y0, y1) - radius,
      Math.max(x0, x1) + radius,
      Math.max(y0, y1) + radius,
    ],
  };
}

export function union(...shapes: readonly Shape[]): Shape {
  const side = (index: 0 | 1 | 2 | 3, pick: (...values: number[]) => number): number =>
    pick(...shapes.map(({ bounds }) => bounds[index]));
  const bounds: Bounds = [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)];
  return {
    distance: (x, y) => {
      let nearest = Infinity;
      for (const shape of shapes) nearest = Math.min(nearest, shape.distance(x, y));
      return nearest;
    },
    bounds,
  };
}

/**
 * Region below a line y = edge(x), which `highest` bounds from above, down to `lowest`: nearer regions hide the rest, so it
 * need not be painted.
 */
export function below(highest: number, edge: (x: number) => number, lowest = SCENE_SIZE): Shape {
  return { distance: (x, y) => edge(x) - y, bounds: [0, highest, SCENE_SIZE, Math.min(lowest, SCENE_SIZE)] };
}

/** The shape with its edge moved in and out by a field (in scene units, at most `reach`). */
export function ragged(shape: Shape, reach: number, by: NoiseField): Shape {
  const [x0, y0, x1, y1] = shape.bounds;
  return {
    distance: (x, y) => shape.distance(x, y) + by(x, y),
    bounds: [x0 - reach, y0 - reach, x1 + reach, y1 + reach],
  };
}
