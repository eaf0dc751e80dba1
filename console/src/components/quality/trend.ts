import type { QualityPoint } from "../../api/types";

/** Measures of the drawing, in its own units. */
export const frame = { width: 720, height: 220, left: 40, right: 16, top: 12, bottom: 28 } as const;

/** A run in the drawing. */
export interface Dot {
  x: number;
  y: number;
  point: QualityPoint;
}

/** Where a score stands: 0 at the bottom, 100 at the top. */
export function heightOf(score: number): number {
  const room = frame.height - frame.top - frame.bottom;
  return frame.top + room * (1 - Math.min(100, Math.max(0, score)) / 100);
}

/** Places of the runs, oldest at the left, evenly spaced: runs cluster on single days. */
export function dots(trend: readonly QualityPoint[]): Dot[] {
  const oldestFirst = [...trend].reverse();
  const room = frame.width - frame.left - frame.right;
  return oldestFirst.map((point, at) => ({
    x: oldestFirst.length === 1 ? frame.left + room / 2 : frame.left + (room * at) / (oldestFirst.length - 1),
    y: heightOf(point.scores.total),
    point,
  }));
}
