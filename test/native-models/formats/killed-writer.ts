/** Replaces a file and kills its own process just before the given call of the disk: path, content, call. */
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { observedDisk } from "./observed-disk.ts";

const [path, content, killedAt] = process.argv.slice(2);
const disk = observedDisk((_call, index) => {
  if (index === Number(killedAt)) process.kill(process.pid, "SIGKILL");
});
await writeFileAtomic(path!, content!, disk);
