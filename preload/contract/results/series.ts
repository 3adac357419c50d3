/** The models of a chart: each has its own colour and its own shape of points, so that colour is never the only difference. */
import { z } from "zod";

export const Series = z.enum(["original", "tuned", "control", "trimmed", "b", "c", "d"]);
export type Series = z.infer<typeof Series>;

/** The outline of a series' points as an SVG path around 0 0, with a radius of about 1. */
export const pointShapes: Readonly<Record<Series, string>> = {
  original: "M-1-.35h.65V-1h.7v.65H1v.7H.35V1h-.7V.35H-1Z", // a cross
  tuned: "M-1.1-.8h2.2L0 1.1Z", // a triangle that points down
  control: "M-.95-1h1.9L-.95 1h1.9Z", // an hourglass
  trimmed: "M-1 0a1 1 0 1 1 2 0a1 1 0 1 1-2 0Z", // a circle
  b: "M-.9-.9h1.8v1.8h-1.8Z", // a square
  c: "M0-1.1 1.1.8h-2.2Z", // a triangle
  d: "M0-1.25 1.25 0 0 1.25-1.25 0Z", // a diamond
};
