/** Which addresses belong to the hub. */
import { describe, expect, test } from "vitest";
import { hubOf } from "../../../../main/services/hub/hub.ts";
import { failureFrom } from "../../failure-from.ts";

describe("The hub", () => {
  const hub = hubOf({});

  test("is Hugging Face unless HF_ENDPOINT names a mirror", () => {
    expect(hub).toMatchObject({ address: "https://huggingface.co", host: "huggingface.co" });
    expect(hubOf({ HF_ENDPOINT: "https://models.office.example/" })).toMatchObject({
      address: "https://models.office.example",
      host: "models.office.example",
    });
  });

  test.each([
    "https://huggingface.co/a/b",
    "https://cdn-lfs.huggingface.co/x",
    "https://cdn-lfs-us-1.hf.co/x?Expires=1",
    "https://cas-bridge.xethub.hf.co/x",
  ])("leads to %s", (url) => expect(hub.allows(url)).toBe(true));

  test.each([
    "http://huggingface.co/a/b",
    "https://huggingface.co:8443/a",
    "https://huggingface.co.example/a",
    "https://nothuggingface.co/a",
    "https://user:password@huggingface.co/a",
    "https://127.0.0.1/a",
    "http://127.0.0.1/a",
    "file:///etc/passwd",
    "data:text/plain,x",
    "//huggingface.co",
    "",
  ])("does not lead to %s", (url) => expect(hub.allows(url)).toBe(false));

  test("shows its token to itself alone, not to its stores", () => {
    expect(hub.isItself("https://huggingface.co/a/b")).toBe(true);
    expect(hub.isItself("https://cdn-lfs.huggingface.co/x")).toBe(false);
    expect(hub.isItself("http://huggingface.co/x")).toBe(false);
  });

  test("on this computer, as in tests, is that one server", () => {
    const here = hubOf({ HF_ENDPOINT: "http://127.0.0.1:4000" });
    expect(here.allows("http://127.0.0.1:4000/x")).toBe(true);
    expect(here.allows("http://127.0.0.1:4001/x")).toBe(false);
    expect(here.allows("http://localhost:4000/x")).toBe(false);
  });

  test.each([
    "http://mirror.example",
    "mirror",
    "https://mirror.example/path",
    "ftp://127.0.0.1",
    "https://a:b@mirror.example",
  ])("is not at %s", (address) =>
    expect(failureFrom(() => hubOf({ HF_ENDPOINT: address }))).toMatchObject({ code: "bad-choice" }),
  );
});
