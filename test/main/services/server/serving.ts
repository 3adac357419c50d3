/** A local server on a home of its own, with the built-in sample and others as its models. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Launch } from "../../../../main/engines/process/launch.ts";
import { LoadedModels } from "../../../../main/services/chat/loaded-models.ts";
import { Reading } from "../../../../main/services/data/reading.ts";
import type { ModelReference } from "../../../../main/services/models/model-reference.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import { openServices } from "../../../../main/services/open.ts";
import { writeTinyModel } from "../../cli/tiny-model.ts";
import { LocalServer } from "../../../../main/services/server/local-server.ts";
import type { LocalServerOptions } from "../../../../main/services/server/local-server.ts";
import { offeredModels } from "../../../../main/services/server/offered-models.ts";

export const TOKEN = "a-token-of-the-tests-that-is-long-enough";

/** A new folder, removed when the file's tests have ended. */
function folderOfFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "coppice-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a server, which is stopped when the file's tests have ended. */
export async function serving(
  models: readonly ModelReference[] = [{ name: "sample", path: sample.model }],
  { launch, ...options }: Partial<LocalServerOptions> & { launch?: Launch } = {},
) {
  const folder = folderOfFile();
  const services = openServices(folder);
  const speakers = new LoadedModels({ services, ...(launch && { engine: { launch } }) });
  const reading = new Reading();
  const server = await LocalServer.start({
    ...{ port: 0, token: TOKEN, speakers },
    offered: () => offeredModels(services, models),
    inspect: reading.inspect.bind(reading),
    ...options,
  });
  afterAll(async () => {
    await server.stop();
    await speakers.stop();
    await reading.stop();
    services.close();
  });
  const { url } = server;
  const ask = (path: string, body?: unknown, init: RequestInit = {}) =>
    fetch(url + path, {
      headers: { authorization: `Bearer ${TOKEN}` },
      ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
      ...init,
    });
  const json = async (path: string, body?: unknown): Promise<{ status: number; [key: string]: unknown }> => {
    const response = await ask(path, body);
    return { status: response.status, ...((await response.json()) as object) };
  };
  return { url, server, services, speakers, ask, json };
}

/** The events of a stream, without its end. */
export async function eventsOf(response: Response): Promise<Record<string, never>[]> {
  const text = await response.text();
  const lines = text.split("\n").filter((line) => line !== "" && line !== "data: [DONE]");
  return lines.map((line) => JSON.parse(line.replace(/^data: /, "")) as Record<string, never>);
}

/** A tiny model "tiny" whose template lists the names of tools, then each turn with its calls. */
export async function modelWithTools(): Promise<ModelReference> {
  const path = await writeTinyModel(join(folderOfFile(), "tiny"));
  const config = join(path, "tokenizer_config.json");
  const chat_template =
    "{% for tool in tools or [] %}[{{ tool.function.name }}]{% endfor %}" +
    "{% for m in messages %}{{ m.role[0] }}:{{ m.content }}" +
    "{% for c in m.tool_calls or [] %}({{ c.function.name }} {{ c.function.arguments | tojson }}){% endfor %};{% endfor %}";
  const written = JSON.parse(readFileSync(config, "utf8")) as object;
  writeFileSync(config, JSON.stringify({ ...written, chat_template }));
  return { name: "tiny", path };
}

/** What the server answers to bytes as they are, until it hangs up or `until` has come. */
export function answerTo(url: string, bytes: string, until = /\r\n\r\n/): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = "";
    socket.on("data", (data: Buffer) => {
      answer += data.toString();
      if (until.test(answer)) socket.end();
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}
