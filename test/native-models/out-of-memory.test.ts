/** Which messages tell of memory. */
import { expect, test } from "vitest";
import { OUT_OF_MEMORY } from "../../native-models/out-of-memory.ts";

test.each([
  "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
  "std::bad_alloc",
  "Resource temporarily unavailable", // a thread of the native decoder, with glibc
  "pthread_create failed, error code: 11 error msg: Resource temporarily unavailable", // one of onnxruntime
  "pthread_create failed, error code: 12 error msg: Cannot allocate memory", // one of onnxruntime, of a session's threads
  "resource unavailable try again: resource unavailable try again", // a thread, on Windows
])("%s: too little memory", (message) => {
  expect(message).toMatch(OUT_OF_MEMORY);
});

test("a file that is busy is not a lack of memory", () => {
  expect("EAGAIN: resource temporarily unavailable, read").not.toMatch(OUT_OF_MEMORY);
});
