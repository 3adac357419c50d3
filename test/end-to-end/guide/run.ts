/** `npm run docs:screens`: takes the pictures in docs/guide/pictures again, in a few minutes. */
import { join } from "node:path";
import { buildApplication } from "../../../build/application.ts";
import { virtualDisplay } from "../../../build/electron/display.ts";
import { runVitest } from "../../runner/vitest.ts";
import { root } from "../../../build/root.ts";

const { binary } = await buildApplication();
const environment = { COPPICE_TEST_BINARY: binary, COPPICE_TEST_FOLDER: root };
const config = join(import.meta.dirname, "vitest.config.ts");
const { passed } = runVitest(["--config", config], { prefix: virtualDisplay(), environment });
process.exit(passed === 1 ? 0 : 1);
