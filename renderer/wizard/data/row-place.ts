/** Where a row of a data set comes from. */
import type { PreviewRow } from "../../../preload/contract/data/inspection.ts";
import { placeIn } from "../../../preload/contract/data/places.ts";
import { fileName } from "../../file-name.ts";
import { t } from "../../messages/index.svelte.ts";

/** "lease.pdf, page 3"; only the place if the document is unknown. */
export function placeOf({ line, origin }: PreviewRow): string {
  if (!origin) return t.data.place("row", line);
  const { name, kind } = placeIn(origin);
  return `${name === "" ? "" : `${fileName(name)}, `}${t.data.place(kind, origin.place)}`;
}
