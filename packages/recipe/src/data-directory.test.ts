import { rejectionOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { DIRECTORY_LIMITS, mayDefineRecipe, openDataDirectory } from "./data-directory.ts";
import { EMPTY_REGISTRY, FAKE_BASE } from "./testing/fake-layer.ts";
import { memoryFiles, type MemoryEntry } from "./testing/memory-files.ts";

function open(content: Readonly<Record<string, MemoryEntry>>) {
  const files = Object.entries({ "registry.yaml": EMPTY_REGISTRY, ...content });
  return openDataDirectory(
    memoryFiles(Object.fromEntries(files.map(([path, entry]) => [`/data/${path}`, entry]))),
    "/data/",
  );
}

async function refusal(content: Readonly<Record<string, MemoryEntry>>): Promise<string> {
  const error = await rejectionOf(open(content));
  return `${error.code} ${error.describe()}`;
}

test("a directory gives its registry, the documents that define recipes, and its files when they are asked for", async () => {
  const layer = await open({
    "registry.yaml": "components: [{name: driver}]",
    "overlays/base.yaml": FAKE_BASE,
    "teams/blue.yaml": "metadata: {name: blue}\nspec: {criteria: {service: eks}}",
    "validators/catalog.yaml": "kind: ValidatorCatalog",
    "overlays/notes.yml": "metadata: {name: not-read}",
    "components/driver/values.yaml": "replicas: 2",
  });
  expect(layer.name).toBe("/data");
  expect(layer.paths).toEqual([
    "components/driver/values.yaml",
    "overlays/base.yaml",
    "overlays/notes.yml",
    "registry.yaml",
    "teams/blue.yaml",
    "validators/catalog.yaml",
  ]);
  expect(layer.registry.map(({ name }) => name)).toEqual(["driver"]);
  expect(layer.overlays.map(({ name, file }) => [name, file])).toEqual([
    ["base", "overlays/base.yaml"],
    ["blue", "teams/blue.yaml"],
  ]);
  expect(await layer.values("components/driver/values.yaml")).toEqual({ replicas: 2 });
  expect(await layer.text("components/driver/values.yaml")).toBe("replicas: 2");
});

test("only paths below the directory can be read", async () => {
  const layer = await open({});
  expect(await layer.text("../secret")).toBeUndefined();
  expect(await layer.values("/etc/passwd")).toBeUndefined();
  expect(await layer.values("components/none/values.yaml")).toBeUndefined();
});

test("an empty values file is an empty map, and a list is no values file", async () => {
  const layer = await open({ "components/a/values.yaml": "# nothing\n", "components/b/values.yaml": "- 1\n" });
  expect(await layer.values("components/a/values.yaml")).toEqual({});
  const error = await rejectionOf(layer.values("components/b/values.yaml"));
  expect(error.describe()).toBe("/data/components/b/values.yaml:1:1: expected a map, found a list");
});

test.each<readonly [string, boolean]>([
  ["overlays/eks.yaml", true],
  ["mine.yaml", true],
  ["a/b/c.yaml", true],
  ["a/b/c.yml", false],
  ["registry.yaml", false],
  ["old/data-v1.yaml", false],
  ["components/a/values.yaml", false],
  ["checks/a/health-check.yaml", false],
])("%s may define a recipe: %s", (path, expected) => {
  expect(mayDefineRecipe(path)).toBe(expected);
});

test("a directory that is not there, a file in its place and a missing registry are told apart", async () => {
  const files = memoryFiles({ "/file": "", "/empty/x.txt": "" });
  const describe = async (path: string): Promise<string> => {
    const error = await rejectionOf(openDataDirectory(files, path));
    return `${error.code} ${error.describe()}`;
  };
  expect(await describe("/none")).toBe("NOT_FOUND /none: there is no such data directory");
  expect(await describe("/file")).toBe("INVALID_INPUT /file: expected a data directory, found a file");
  expect(await describe("/empty")).toBe(
    "NOT_FOUND /empty: the data directory has no registry.yaml\nAn empty registry is: components: []",
  );
});

test("links, special files and names with two dots are refused wherever they are", async () => {
  const hint = "\nPut a plain file with a plain name there, or move it out of the directory.";
  expect(await refusal({ "components/a/values.yaml": { kind: "link", size: 4 } })).toBe(
    `NOT_ALLOWED /data/components/a/values.yaml: a symbolic link is not allowed in a data directory${hint}`,
  );
  expect(await refusal({ pipe: { kind: "other", size: 0 } })).toBe(
    `NOT_ALLOWED /data/pipe: what is neither a file nor a folder is not allowed in a data directory${hint}`,
  );
  expect(await refusal({ "a..b.txt": "" })).toBe(
    `NOT_ALLOWED /data/a..b.txt: ".." in the name of a file is not allowed in a data directory${hint}`,
  );
});

test("a file of 10 MiB passes, one byte more does not", async () => {
  const limit = DIRECTORY_LIMITS.fileBytes;
  await expect(open({ "big.bin": { kind: "file", size: limit } })).resolves.toMatchObject({ name: "/data" });
  expect(await refusal({ "big.bin": { kind: "file", size: limit + 1 } })).toBe(
    "TOO_LARGE /data/big.bin: too large for a data directory: 10485761 bytes, and 10485760 (10 MiB) is the most",
  );
});

test("folders cannot nest without end", async () => {
  const path = `${"d/".repeat(DIRECTORY_LIMITS.depth + 1)}x.txt`;
  expect(await refusal({ [path]: "" })).toContain("too large for a data directory: more than 32 folders deep");
});

test("a document that does not decode names file, line, column and field, also when no recipe would use it", async () => {
  expect(await refusal({ "overlays/x.yaml": "metadata:\n  name: x\nspec:\n  constraints: text\n" })).toBe(
    "INVALID_INPUT /data/overlays/x.yaml:4:3: spec.constraints: expected a list, found text",
  );
  expect(await refusal({ "overlays/x.yaml": "metadata: [\n" })).toMatch(
    /^INVALID_INPUT \/data\/overlays\/x.yaml:2:1: /,
  );
  expect(await refusal({ "registry.yaml": "components:\n  - displayName: x\n" })).toBe(
    "INVALID_INPUT /data/registry.yaml:2:5: components[0].name: must be given and not be empty",
  );
});

test("bytes that are no text are refused", async () => {
  expect(await refusal({ "overlays/x.yaml": new Uint8Array([0xff, 0xfe, 0x00]) })).toBe(
    "INVALID_INPUT /data/overlays/x.yaml: expected UTF-8 text, found other bytes",
  );
});
