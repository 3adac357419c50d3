/** `npm run test:real [filter…]`: compares with real models, tokenizers, data and documents, which are no part of the repository. */
import { join } from "node:path";
import { runVitest } from "../runner/vitest.ts";

const config = join(import.meta.dirname, "vitest.config.ts");
const { passed, failed, skipped } = runVitest(["--config", config, ...process.argv.slice(2)]);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
