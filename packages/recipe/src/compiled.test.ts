import { rejectionOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { loadCatalog } from "./catalog.ts";
import { compileCatalog, compiledLayer, type CompiledCatalog } from "./compiled.ts";
import { openDataDirectory } from "./data-directory.ts";
import { resolve } from "./resolve.ts";
import { EMPTY_REGISTRY, FAKE_BASE } from "./testing/fake-layer.ts";
import { memoryFiles } from "./testing/memory-files.ts";

const DIRECTORY = {
  "/data/registry.yaml": "components: [{name: driver, helm: {defaultNamespace: gpu}}]",
  "/data/overlays/base.yaml": FAKE_BASE,
  "/data/overlays/eks.yaml": `
metadata: {name: eks}
spec:
  criteria: {service: eks}
  constraints: [{name: K8s.server.version, value: ">= 1.30"}]
  componentRefs: [{name: driver, version: 1.10, overrides: {a: null, b: [1, 2.5]}}]
`,
  "/data/components/driver/values.yaml": "big: 12345678901234567890\nlist: [1, two]\n",
  "/data/components/driver/manifests/m.yaml": "kind: A\n---\nkind: B\n",
  "/data/extra/values.yaml": "x: 1\n",
};

/** What a build does: the compiled catalog goes through JSON text. */
function throughJson(compiled: CompiledCatalog): CompiledCatalog {
  const parsed: CompiledCatalog = JSON.parse(JSON.stringify(compiled));
  return parsed;
}

test("a catalog compiled to JSON resolves and reads as the directory does", async () => {
  const directory = await openDataDirectory(memoryFiles(DIRECTORY), "/data");
  const compiled = compiledLayer(throughJson(await compileCatalog(directory)), "built-in");
  const [left, right] = [await loadCatalog([directory]), await loadCatalog([compiled])];
  expect(resolve(right, { service: "eks" }, { version: "1" })).toEqual(
    resolve(left, { service: "eks" }, { version: "1" }),
  );
  for (const path of [...directory.paths, "../secret", "toString", "__proto__"]) {
    expect(await right.text(path)).toBe(await left.text(path));
  }
  for (const path of ["components/driver/values.yaml", "extra/values.yaml", "none.yaml", "toString"]) {
    expect(await right.values(path)).toEqual(await left.values(path));
  }
  expect(right.files()).toEqual(left.files());
});

test("starting from a compiled catalog touches neither texts nor values", async () => {
  const compiled = throughJson(await compileCatalog(await openDataDirectory(memoryFiles(DIRECTORY), "/data")));
  const untouchable = (): never => {
    throw new Error("touched");
  };
  const guarded = new Proxy({}, { get: untouchable, ownKeys: untouchable, getOwnPropertyDescriptor: untouchable });
  const catalog = await loadCatalog([compiledLayer({ ...compiled, texts: guarded, values: guarded }, "built-in")]);
  expect(resolve(catalog, { service: "eks" }, { version: "1" }).recipe.metadata.appliedOverlays).toEqual([
    "base",
    "eks",
  ]);
});

test("what JSON cannot hold fails at build time, with its file", async () => {
  const build = async (overrides: string): Promise<string> => {
    const files = memoryFiles({
      "/data/registry.yaml": EMPTY_REGISTRY,
      "/data/overlays/base.yaml": `spec: {componentRefs: [{name: a, overrides: {n: ${overrides}}}]}`,
    });
    return (await rejectionOf(compileCatalog(await openDataDirectory(files, "/data")))).describe();
  };
  const rest = "cannot be compiled; write it into a values file, or as text";
  expect(await build(".inf")).toBe(`overlays/base.yaml: the number Infinity ${rest}`);
  expect(await build("[12345678901234567890]")).toBe(`overlays/base.yaml: the number 12345678901234567890 ${rest}`);
});
