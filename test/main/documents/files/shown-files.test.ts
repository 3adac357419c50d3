import { expect, test } from "vitest";
import { toldFiles, shownNotRead } from "../../../../main/documents/files/shown-files.ts";

test("of many files the first are named, and the others counted", () => {
  const paths = Array.from({ length: 3200 }, (_, i) => `/data/${i}.txt`);
  expect(toldFiles(paths.slice(0, 2))).toEqual({ files: ["/data/0.txt", "/data/1.txt"] });
  expect(toldFiles(paths)).toEqual({ files: paths.slice(0, 100), moreFiles: 3100 });
  const long = paths.map((path) => path.padEnd(4000, "x"));
  expect(toldFiles(long)).toEqual({ files: long.slice(0, 12), moreFiles: 3188 });
});

test("of much that is not read, one of each reason is named, and a picture", () => {
  const other = (path: string) => ({ path, why: "other-file" as const });
  const few = [other("/a.exe"), other("/b.exe"), other("/c.png")];
  expect(shownNotRead(few)).toEqual({ notRead: few, moreNotRead: 0 });
  const many = Array.from({ length: 9000 }, (_, i) => other(`/${i}.exe`));
  const locked = { path: "/locked.docx", why: "encrypted" as const };
  expect(shownNotRead([...many, locked, other("/photo.jpg")])).toEqual({
    notRead: [many[0], locked, other("/photo.jpg"), ...many.slice(1, 98)],
    moreNotRead: 8902,
  });
});
