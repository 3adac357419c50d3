/** What pdf.js needs of JavaScript that Electron 22's Node 16 does not have yet (docs/decisions/0008-pdf-on-node-16.md). */
import { deserialize, serialize } from "node:v8";

/** Puts it in place where it is missing. pdf.js clones the messages to its worker, which runs in the same thread here. */
export function preparePdfRuntime(): void {
  globalThis.structuredClone ??= <T>(value: T): T => deserialize(serialize(value)) as T;
}
