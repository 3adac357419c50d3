import { readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { KeptPassages } from "../../../../main/documents/stored/kept-passages.ts";
import { WITHIN } from "../../../../main/documents/files/container.ts";
import { scratch } from "../scratch.ts";

/** What is read of files whose text is one passage, and how often one was read. */
function reader(mostCharacters: number) {
  const kept = new KeptPassages(mostCharacters);
  let reads = 0;
  const read = async (...paths: string[]) => {
    const passages = await kept.of(paths, () => {
      reads++;
      const text = (path: string) => readFileSync(path.split(WITHIN)[0]!, "utf8");
      return Promise.resolve(paths.map((path) => ({ text: text(path), document: path, place: 1 })));
    });
    return { texts: passages.map(({ text }) => text), reads };
  };
  return read;
}

test("a document is read again only when its size or time has changed, or another one was read since", async () => {
  const paths = scratch({ "a.txt": "Dogs need consent.", "b.txt": "Cats need none." });
  const [a, b] = [paths("a.txt"), paths("b.txt")];
  const read = reader(1000);
  await read(a);
  expect(await read(a)).toEqual({ texts: ["Dogs need consent."], reads: 1 });
  writeFileSync(a, "Dogs need no consent.");
  expect(await read(a)).toEqual({ texts: ["Dogs need no consent."], reads: 2 });
  utimesSync(a, new Date(), new Date(statSync(a).mtimeMs + 1000));
  expect((await read(a)).reads).toBe(3);
  expect(await read(a, b)).toMatchObject({ texts: ["Dogs need no consent.", "Cats need none."], reads: 4 });
  expect((await read(a)).reads).toBe(5);
});

test("documents in an archive are kept until the archive changes", async () => {
  const archive = scratch({ "all.zip": "Dogs need consent." })("all.zip");
  const read = reader(1000);
  const within = ["a.txt", "b.txt"].map((name) => `${archive}${WITHIN}${name}`);
  await read(...within);
  expect((await read(...within)).reads).toBe(1);
  writeFileSync(archive, "Cats need none.");
  expect((await read(...within)).reads).toBe(2);
});

test("longer documents are not kept", async () => {
  const paths = scratch({ "a.txt": "Dogs need consent." });
  const read = reader("Dogs need consent.".length - 1);
  await read(paths("a.txt"));
  expect((await read(paths("a.txt"))).reads).toBe(2);
});
