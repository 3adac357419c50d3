/** A side in Electron's utilityProcess; its arguments are the adapter's name and its options. */
import { openSide } from "../side.ts";
import type { Adapter } from "../side.ts";

const adapters = import.meta.glob<Adapter>("../../coppice/{large-step,memory}.ts");

const [name, options] = process.argv.slice(2) as [string, string];
const { parentPort } = process as unknown as {
  parentPort: {
    postMessage(answer: object): void;
    on(event: "message", listener: (message: { data: string }) => void): void;
  };
};

const fail = (error: unknown) => {
  console.error(error);
  process.exit(1);
};

void (async () => {
  const answer = await openSide(await adapters[`../../coppice/${name}.ts`]!(), options);
  parentPort.on("message", ({ data }) => {
    answer(data).then((result) => parentPort.postMessage(result), fail);
  });
  parentPort.postMessage({ ready: true });
})().catch(fail);
