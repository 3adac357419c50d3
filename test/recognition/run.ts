/** `npm run test:ocr`: recognises scans of our own pages, and shows how many characters are wrong. */
import { join } from "node:path";
import { runVitest } from "../runner/vitest.ts";

const config = join(import.meta.dirname, "vitest.config.ts");
const { passed, failed } = runVitest(["--config", config, ...process.argv.slice(2)]);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
