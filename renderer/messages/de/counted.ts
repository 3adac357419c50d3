import { numberText } from "../figures.ts";

/** "1 Zeile", "1.234 Zeilen". */
export const counted = (count: number, one: string, many: string): string =>
  `${numberText(count)} ${count === 1 ? one : many}`;
