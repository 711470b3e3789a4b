import { createServer, type RequestListener } from "node:http";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SlipwayError, optionalText, enter, type Cursor } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { checkTarget, readDocument, writeDocument, type ConfigMapDocuments, type DocumentDeps } from "./documents.ts";
import { nodeFiles } from "./node-files.ts";
import { fakeIo, withDirectory, type FakeIoOptions } from "./testing/index.ts";

const name = (cursor: Cursor, format: string): string => `${format}: ${optionalText(enter(cursor, "name")) ?? "none"}`;

const INFO = { kind: "Recipe", format: "yaml", version: "1.2.3" } as const;

function depsOf(options: FakeIoOptions): DocumentDeps {
  return { io: fakeIo(options), files: nodeFiles({ cwd: options.cwd ?? "/", pipes: true }), fetch };
}

function read(files: Record<string, string>, source: string, options: FakeIoOptions = {}): Promise<string> {
  return withDirectory(files, (cwd) => readDocument(depsOf({ ...options, cwd }), source, "--recipe", name));
}

async function withServer<Result>(
  listener: RequestListener,
  action: (address: string) => Promise<Result>,
): Promise<Result> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  try {
    return await action(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test.each([
  ["a.yaml", "name: 1.10", "yaml: 1.10"],
  ["a.YML", "name: x", "yaml: x"],
  ["a.json", '{"name": "x"}', "json: x"],
  ["a.JSON", '{"name": "x"}', "json: x"],
  ["recipe", "name: x", "yaml: x"],
  ["recipe", '{"name": "x"}', "json: x"],
  ["a.b/c", '\n {"name": "x"}', "json: x"],
])("%s with %j", async (source, content, found) => {
  expect(await read({ [source]: content }, source)).toBe(found);
});

test("only the first document of a YAML file counts", async () => {
  expect(await read({ "a.yaml": "name: x\n---\nname: y\n" }, "a.yaml")).toBe("yaml: x");
});

test("standard input may be either", async () => {
  expect(await read({}, "-", { stdin: "name: x" })).toBe("yaml: x");
  expect(await read({}, "-", { stdin: '{"name": "x"}' })).toBe("json: x");
});

test.each([
  ["none.yaml", "NOT_FOUND", "none.yaml: no such file or directory"],
  [".", "INVALID_INPUT", ".: this is a directory, a file is needed"],
  ["a.txt", "USAGE", "a.txt: a table cannot be read back: give YAML or JSON"],
  ["a.Table", "USAGE", "a.Table: a table cannot be read back: give YAML or JSON"],
  ["", "USAGE", "--recipe is empty: name a file, an address, or - for standard input"],
  ["bad.json", "INVALID_INPUT", /^bad\.json:2:1: not valid JSON: /],
  ["yaml.json", "INVALID_INPUT", /^yaml\.json: not valid JSON: /],
  ["bad.yaml", "INVALID_INPUT", /^bad\.yaml:1:\d+: not valid YAML: /],
  ["wrong.yaml", "INVALID_INPUT", "wrong.yaml:2:1: name: expected text, found a list"],
  ["latin.yaml", "INVALID_INPUT", "latin.yaml: expected UTF-8 text, found other bytes"],
  ["cm://gpu/recipe", "UNAVAILABLE", /^cm:\/\/gpu\/recipe: this build cannot reach a cluster/],
  ["cm://gpu", "USAGE", '"cm://gpu" does not name a ConfigMap: write cm://NAMESPACE/NAME'],
  ["cm:///recipe", "USAGE", '"cm:///recipe" does not name a ConfigMap: write cm://NAMESPACE/NAME'],
  ["cm://gpu/ ", "USAGE", '"cm://gpu/ " does not name a ConfigMap: write cm://NAMESPACE/NAME'],
  ["http://", "USAGE", '"http://" is not an address'],
])("refuses %s", async (source, code, described) => {
  const error = await rejectionOf(
    withDirectory(
      {
        "bad.json": '{"name":\n',
        "yaml.json": "name: x",
        "bad.yaml": "name: [",
        "wrong.yaml": "kind: x\nname: [a]\n",
        "latin.yaml": Uint8Array.of(0x61, 0xe4),
      },
      (cwd) => readDocument(depsOf({ cwd }), source, "--recipe", name),
    ),
  );
  expect(error.code).toBe(code);
  expect(error.describe()).toMatch(described);
});

test("an address: the format follows the name, else the content type", async () => {
  const listener: RequestListener = ({ url }, response) => {
    const type = url === "/typed" ? "application/json; charset=utf-8" : "text/plain";
    response.setHeader("content-type", type).end('{"name": "x"}');
  };
  await withServer(listener, async (address) => {
    expect(await read({}, `${address}/a.yaml`)).toBe("yaml: x");
    expect(await read({}, `${address}/a.json?x=1`)).toBe("json: x");
    expect(await read({}, `${address}/typed`)).toBe("json: x");
    expect(await read({}, `${address}/plain`)).toBe("json: x");
  });
});

test.each([
  [404, "NOT_FOUND"],
  [403, "NOT_ALLOWED"],
  [500, "UNAVAILABLE"],
])("an answer of %d", async (status, code) => {
  await withServer(
    (_request, response) => response.writeHead(status).end("no"),
    async (address) => {
      const error = await rejectionOf(read({}, `${address}/a.yaml`));
      expect([error.code, error.describe()]).toEqual([code, `${address}/a.yaml: the server answers ${status}`]);
    },
  );
});

test("an endless answer is cut off", async () => {
  const listener: RequestListener = (_request, response) => {
    const chunk = Buffer.alloc(1 << 20, "a");
    const more = (): void => void (response.destroyed || response.write(chunk, more));
    more();
  };
  await withServer(listener, async (address) => {
    expect((await rejectionOf(read({}, `${address}/a.yaml`))).describe()).toBe(
      `${address}/a.yaml: larger than 16 MiB, which is the limit`,
    );
  });
});

test("nobody answers", async () => {
  const address = await withServer(
    () => undefined,
    (address) => Promise.resolve(address),
  );
  const error = await rejectionOf(read({}, `${address}/a.yaml`));
  expect([error.code, error.place?.file]).toEqual(["UNAVAILABLE", `${address}/a.yaml`]);
});

test("an interruption ends the wait for an answer", async () => {
  const stop = new AbortController();
  await withServer(
    () => stop.abort(new Error("stopped")),
    async (address) => {
      await expect(read({}, `${address}/a.yaml`, { signal: stop.signal })).rejects.toThrow("stopped");
    },
  );
});

test.each([undefined, "", "-", "  ", " - "])("%j is standard output", async (target) => {
  const io = fakeIo();
  expect(await writeDocument({ ...depsOf({}), io }, target, "text\n", INFO)).toBeUndefined();
  expect(io.out).toBe("text\n");
});

test("a file, in another folder too", async () => {
  await withDirectory({ "a/x": "" }, async (cwd) => {
    const io = fakeIo({ cwd });
    const deps = { ...depsOf({ cwd: join(cwd, "a") }), io };
    expect(await writeDocument(deps, "../out.yaml", "text\n", INFO)).toBe("../out.yaml");
    expect([await readFile(join(cwd, "out.yaml"), "utf8"), io.out]).toEqual(["text\n", ""]);
  });
});

test.each([
  ["cm://only", "USAGE"],
  ["cm://a/b", "UNAVAILABLE"],
  ["https://example.com/x", "USAGE"],
])("refuses to write to %s", (target, code) => {
  expect(() => checkTarget(target)).toThrow(expect.objectContaining({ code }));
});

/** A cluster that holds one document, and remembers what is written. */
function clusterWith(text: string, format?: "json" | "yaml"): ConfigMapDocuments & { readonly calls: unknown[] } {
  const calls: unknown[] = [];
  return {
    calls,
    check: (place) => {
      if (place.name === "bad") throw new SlipwayError("INVALID_INPUT", "no name");
    },
    read: async (place) => {
      calls.push(place);
      return { text, format };
    },
    write: async (place, written, info) => void calls.push([place, written, info]),
  };
}

const PLACE = { kind: "config-map", namespace: "gpu", name: "recipe" };

test.each([
  ["name: 1.10", "yaml", "yaml: 1.10"],
  ['{"name": "x"}', "json", "json: x"],
  ['{"name": "x"}', undefined, "json: x"],
  ["name: x", undefined, "yaml: x"],
] as const)("a ConfigMap with %j in the format %j", async (text, format, found) => {
  const configMaps = clusterWith(text, format);
  expect(await readDocument({ ...depsOf({}), configMaps }, "cm://gpu/recipe", "--recipe", name)).toBe(found);
  expect(configMaps.calls).toEqual([PLACE]);
});

test("what is wrong in a ConfigMap is said with its address and line", async () => {
  const deps = { ...depsOf({}), configMaps: clusterWith("kind: x\nname: [a]\n", "yaml") };
  const error = await rejectionOf(readDocument(deps, "cm://gpu/recipe", "--recipe", name));
  expect(error.describe()).toBe("cm://gpu/recipe:2:1: name: expected text, found a list");
});

test("a ConfigMap is written with what the document is", async () => {
  const io = fakeIo();
  const configMaps = clusterWith("");
  const deps = { ...depsOf({}), io, configMaps };
  expect(checkTarget("cm://gpu/recipe", deps)).toBe("cm://gpu/recipe");
  expect(await writeDocument(deps, "cm://gpu/recipe", "text\n", INFO)).toBe("cm://gpu/recipe");
  expect([configMaps.calls, io.out]).toEqual([[[PLACE, "text\n", INFO]], ""]);
});

test("names that no ConfigMap can have are refused before any work is done", () => {
  expect(() => checkTarget("cm://gpu/bad", { configMaps: clusterWith("") })).toThrow("no name");
});
