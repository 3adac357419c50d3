/** coppice get, against a server on this computer that plays the hub. */
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openServices } from "../../../main/services/open.ts";
import { planWithSeed } from "../services/plan.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { hubServer, repositoryName } from "../services/hub/hub-server.ts";
import { start } from "./command.ts";
import { coppice } from "./in-process.ts";
import { writeTinyModel } from "./tiny-model.ts";

/** A model that can be opened, as a repository's files. */
async function realFiles(): Promise<Record<string, Uint8Array>> {
  const folder = await writeTinyModel(join(temporaryFolder(), "tiny"), 3);
  const names = ["config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
}

test("downloads a model that can then be used, and says where it is from and under which licence", async () => {
  const server = await hubServer(await realFiles());
  const home = temporaryFolder();
  const environment = { HF_ENDPOINT: server.address, HF_TOKEN: "" };
  const { code, output, errors } = await coppice(home, ["get", repositoryName], { environment });
  expect([code, errors]).toEqual([0, ""]);
  expect(output).toContain(`Asking ${server.host} about ${repositoryName}.`);
  expect(output).toMatch(/licence +apache-2.0\n/);
  const path = join(home, "models", "coppice-tests", "tiny");
  expect(output).toContain(`The model is in "${path}"`);
  const inspected = await coppice(home, ["inspect", path, "--json"]);
  expect(inspected.events[0]).toMatchObject({ event: "done", model: { layers: 3 } });
  const again = await coppice(home, ["get", repositoryName, "--json"], { environment });
  expect(again.events).toEqual([
    expect.objectContaining({ event: "done", path, repository: repositoryName, licence: "apache-2.0" }),
  ]);
});

test("--remove removes it after a question or with --yes, not while a run needs it, and old runs say what to do", async () => {
  const server = await hubServer(await realFiles());
  const home = temporaryFolder();
  const environment = { HF_ENDPOINT: server.address, HF_TOKEN: "" };
  await coppice(home, ["get", repositoryName, "--yes"], { environment });
  const path = join(home, "models", "coppice-tests", "tiny");
  const services = openServices(home);
  const { id } = services.runs.create(
    { ...planWithSeed(1), model: { path, sha256: null } },
    { name: "Half of it" },
  );
  services.close();
  const remove = () => coppice(home, ["get", repositoryName, "--remove", "--json"], { environment });
  const refused = await remove();
  expect([refused.code, existsSync(path)]).toEqual([1, true]);
  expect(refused.errors).toContain('the run "Half of it" still needs it');
  const reopened = openServices(home);
  reopened.runs.start(id);
  reopened.runs.fail(id, { code: "diverged", step: 3 });
  reopened.close();
  const removed = await remove();
  expect([removed.code, removed.errors]).toEqual([0, ""]);
  expect(removed.events).toEqual([
    expect.objectContaining({ event: "done", path, repository: repositoryName }),
  ]);
  expect(existsSync(join(home, "models", "coppice-tests"))).toBe(false);
  const old = await coppice(home, ["resume", id], { environment });
  expect(old.errors).toContain(`Run "coppice get ${repositoryName}" to download it again.`);
  const nothing = await remove();
  expect(nothing.errors).toContain("it is not among the downloaded models");
});

test("--remove takes damaged copies first, and asks for --file or --revision where models differ", async () => {
  const server = await hubServer();
  const home = temporaryFolder();
  const environment = { HF_ENDPOINT: server.address, HF_TOKEN: "" };
  for (const file of ["safetensors", "tiny-F16.gguf"])
    await coppice(home, ["get", repositoryName, "--file", file, "--yes"], { environment });
  const path = join(home, "models", "coppice-tests", "tiny");
  cpSync(path, `${path}@0123456`, { recursive: true });
  writeFileSync(join(`${path}@0123456`, "config.json"), "");
  const remove = (...more: string[]) =>
    coppice(home, ["get", repositoryName, "--remove", "--json", ...more], { environment });
  expect((await remove()).errors).toContain(
    "choose one with --file safetensors --revision 0123456, --file tiny-F16.gguf --revision 0123456",
  );
  const removed = ["--file", "safetensors"];
  expect((await remove(...removed)).events).toEqual([expect.objectContaining({ path: `${path}@0123456` })]);
  expect((await remove(...removed, "--revision", "0123456")).events).toEqual([
    expect.objectContaining({ path }),
  ]);
});

test("without a name lists open models with what they take here, and requests nothing", async () => {
  const server = await hubServer();
  const environment = { HF_ENDPOINT: server.address, COPPICE_MEMORY_LIMIT_BYTES: "2000000000" };
  const { code, output, errors } = await coppice(temporaryFolder(), ["get"], { environment });
  expect([code, errors]).toEqual([0, ""]);
  expect(output).toMatch(/SmolLM2-135M-Instruct +272 MB +apache-2.0 +1\.\d GB +1\.\d ×\n/);
  expect(output).toMatch(/Qwen3-4B .* not free now/);
  expect(server.asked).toEqual([]);
});

test("asks for --file where a repository has several models, and takes it", async () => {
  const server = await hubServer();
  delete server.files["model.safetensors"];
  const environment = { HF_ENDPOINT: server.address };
  const home = temporaryFolder();
  const several = await coppice(home, ["get", repositoryName], { environment });
  expect(several.code).toBe(1);
  expect(several.errors).toMatch(/tiny-Q8_0.gguf \(300 kB\), tiny-F16.gguf \(300 kB\)/);
  const one = await coppice(home, ["get", repositoryName, "--file", "tiny-F16.gguf"], { environment });
  expect([one.code, one.errors]).toEqual([0, ""]);
});

test("stopped by Ctrl-C it keeps what it has, and resumes", async () => {
  const server = await hubServer();
  const weights = server.files["model.safetensors"]!;
  server.instead.set("/model.safetensors", (response) => {
    response.writeHead(200, { "content-length": weights.length });
    response.write(weights.subarray(0, 200_000));
  });
  const home = temporaryFolder();
  const environment = { HF_ENDPOINT: server.address };
  const running = start(home, ["get", repositoryName], { environment });
  await expect
    .poll(() => server.asked.some(({ path }) => path.endsWith("/model.safetensors")), { timeout: 10_000 })
    .toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 500));
  running.process.kill("SIGINT");
  const { code, errors } = await running.ended;
  expect([code, errors]).toEqual([
    130,
    "Stopped. What was downloaded is kept. Run the command again to resume.\n",
  ]);
  server.instead.clear();
  expect((await coppice(home, ["get", repositoryName], { environment })).code).toBe(0);
  expect(server.asked.at(-1)!.headers.range).toBe("bytes=200000-");
});

test("goes through the proxy that the environment names, unless that exempts the hub", async () => {
  const server = await hubServer();
  const tunnels: string[] = [];
  const proxy = createServer((socket) =>
    socket.once("data", (head) => {
      const [, host = "", port = ""] = /^CONNECT ([^:]+):(\d+) /.exec(head.toString()) ?? [];
      tunnels.push(head.toString());
      const other = connect(Number(port), host, () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        socket.pipe(other).pipe(socket);
      });
      for (const end of [socket, other]) end.on("error", () => {});
    }),
  );
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void proxy.close());
  const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const environment = { HF_ENDPOINT: server.address, HTTP_PROXY: `http://user:secret@${address}` };
  const through = await coppice(temporaryFolder(), ["get", repositoryName], { environment });
  expect([through.code, through.errors]).toEqual([0, ""]);
  expect(tunnels.length).toBe(server.asked.length);
  expect(tunnels[0]).toMatch(new RegExp(`^CONNECT ${server.host} `));
  expect(tunnels[0]).toContain(`Basic ${Buffer.from("user:secret").toString("base64")}`);

  tunnels.length = 0;
  const exempt = { ...environment, NO_PROXY: "localhost,127.0.0.1" };
  expect((await coppice(temporaryFolder(), ["get", repositoryName], { environment: exempt })).code).toBe(0);
  expect(tunnels).toEqual([]);
});

test.each([
  ["a name of another form", ["get", "tiny"], {}, /the hub's names have the form OWNER\/NAME/],
  ["a mirror without TLS", ["get", "a/b"], { HF_ENDPOINT: "http://mirror.example" }, /HF_ENDPOINT/],
  [
    "a proxy of another kind",
    ["get", "a/b"],
    { HTTPS_PROXY: "socks5://127.0.0.1:9" },
    /does not support \(socks5:\)/,
  ],
])("%s ends with one sentence", async (_, args, environment, words) => {
  const { code, errors } = await coppice(temporaryFolder(), args, {
    environment: { HF_ENDPOINT: "", ...environment },
  });
  expect(code).toBe(1);
  expect(errors).toMatch(words);
  expect(errors.trim().split("\n")).toHaveLength(1);
});
