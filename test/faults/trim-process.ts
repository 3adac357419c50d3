/** A process that trims a tiny model in the folder that it is given, to be killed. */
import { trimIn } from "./trims.ts";

await trimIn(process.argv[2]!);
