/** Rotated text: its places in a frame in which it reads from left to right. */
import type { Box } from "./pdfium.ts";

/** Quarter turns of a line of text relative to the page, counterclockwise. */
export type QuarterTurns = 0 | 1 | 2 | 3;

/** An angle in radians, as the nearest quarter turn. */
export function quarterTurns(angle: number): QuarterTurns {
  return (((Math.round(angle / (Math.PI / 2)) % 4) + 4) % 4) as QuarterTurns;
}

/** A function that maps points to the frame of text that runs at `angle` radians. */
export function frameOf(angle: number): (x: number, y: number) => { x: number; y: number } {
  const [cos, sin] = [exact(Math.cos(angle)), exact(Math.sin(angle))];
  return (x, y) => ({ x: x * cos + y * sin, y: y * cos - x * sin });
}

/** The bounding box of a box in such a frame. */
export function boxIn(frame: ReturnType<typeof frameOf>, { left, bottom, right, top }: Box): Box {
  const corners = [frame(left, bottom), frame(left, top), frame(right, bottom), frame(right, top)];
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  return { left: Math.min(...xs), bottom: Math.min(...ys), right: Math.max(...xs), top: Math.max(...ys) };
}

/** Keeps the values of quarter turns exact. */
function exact(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value - rounded) < 1e-6 ? rounded : value;
}
