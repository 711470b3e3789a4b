import { expect, test } from "vitest";
import type { BundleFile } from "../model.ts";
import { bundleOf, filesOf } from "../testing/bundles.ts";
import { bundleDocument, diffBundles } from "./bundle-diff.ts";
import { differenceText } from "./change.ts";

const RECIPE = "componentRefs:\n  - name: a\n    version: '1'\n  - name: gone\n";
const SERVICE = "kind: Service\nmetadata: {name: s, namespace: n}\nspec: {port: 1}\n";
const SECRET = "kind: Secret\nmetadata: {name: s}\ndata: {x: 1}\n";

const LEFT = bundleOf({
  "recipe.yaml": RECIPE,
  "README.md": "old",
  "deploy.sh": "#!/bin/sh\n",
  "a/values.yaml": "x: 1\ny: {z: 1}\n",
  "a/manifests/all.yaml": `${SERVICE}---\n${SECRET}`,
  "a/checksums.txt": "old",
  "gone/values.yaml": "x: 1",
  "charts/a-1.tgz": "\0old",
}).files;

const RIGHT = bundleOf({
  "recipe.yaml": "componentRefs:\n  - name: new\n  - version: '2'\n    name: a\n",
  "README.md": "new",
  "deploy.sh": "#!/bin/sh\n",
  "a/values.yaml": "# a comment\ny: {z: 2}\nx: 1\n",
  "a/manifests/all.yaml": `${SECRET}---\n${SERVICE.replace("port: 1", "port: 2")}`,
  "a/checksums.txt": "new",
  "new/values.yaml": "x: 1",
  "new/README.md": "new",
  "charts/a-1.tgz": "\0new",
}).files;

test("bundles are compared by component, and YAML by what it says", () => {
  expect(differenceText(diffBundles(LEFT, RIGHT))).toBe(`~ files
    ~ README.md
    ~ charts/a-1.tgz
    ~ recipe.yaml: componentRefs.a.version: "1" -> "2"
    - recipe.yaml: componentRefs.gone: {"name":"gone"}
    + recipe.yaml: componentRefs.new: {"name":"new"}
~ component a
    ~ manifests/all.yaml: Service/n/s.spec.port: 1 -> 2
    ~ values.yaml: y.z: 1 -> 2
- component gone with 1 file
+ component new with 2 files

Components: 1 added, 1 removed, 1 changed.
`);
});

test("reordered keys, comments and spaces are no difference", () => {
  const left = filesOf({ "a/values.yaml": "a: 1\nb: {c: 'x'}\n", "a/x.json": '{"a":1,"b":2}' });
  const right = filesOf({ "a/x.json": '{ "b": 2, "a": 1 }', "a/values.yaml": "---\n# why\nb:\n  c: x\na: 1\n" });
  expect(diffBundles(left, right)).toEqual({ kind: "BundleDifference", groups: [] });
});

test("without a recipe every folder is a component; a script that can no longer be run differs", () => {
  const runnable: readonly BundleFile[] = [{ path: "a/install.sh", content: "x", executable: true }];
  const plain: readonly BundleFile[] = [{ path: "a/install.sh", content: "x", executable: false }];
  expect(differenceText(diffBundles(runnable, plain))).toBe(
    "~ component a\n    ~ install.sh: executable: true -> false\n\nComponents: 1 changed.\n",
  );
});

test("YAML that cannot be read is compared by its bytes", () => {
  const bomb = `a: &a [x]\n${"b: [*a, *a]\n".repeat(2)}`;
  for (const content of ["a: [", bomb, "__proto__: {}", "a: 1\0"]) {
    expect(differenceText(diffBundles(filesOf({ "x.yaml": "a: 1" }), filesOf({ "x.yaml": content })))).toBe(
      "~ files\n    ~ x.yaml\n\nNo component differs.\n",
    );
  }
});

test("several documents that cannot be told apart go by their position", () => {
  const left = filesOf({ "x.yaml": "a: 1\n---\nb: 1\n" });
  const right = filesOf({ "x.yaml": "a: 1\n---\nb: 2\n" });
  expect(differenceText(diffBundles(left, right))).toBe(
    "~ files\n    ~ x.yaml: [1].b: 1 -> 2\n\nNo component differs.\n",
  );
});

test("a path that leaves the bundle is refused", () => {
  expect(() => diffBundles([], filesOf({ "../x": "" }))).toThrow(
    '"../x" is no path of a bundle: the path leaves the bundle',
  );
});

test("a bundle is one document for a patch", async () => {
  const files = [
    ...filesOf({
      "a/values.yaml": "x: 1",
      "many.yaml": "a: 1\n---\nb: 2",
      "empty.yaml": "# nothing",
      "README.md": "text",
      "checksums.txt": "x",
    }),
    { path: "chart.tgz", content: Uint8Array.of(1, 2, 3), executable: false },
  ];
  expect(await bundleDocument(files)).toEqual({
    "a/values.yaml": { x: 1 },
    "many.yaml": [{ a: 1 }, { b: 2 }],
    "empty.yaml": null,
    "README.md": "text",
    "chart.tgz": "sha256:039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81",
  });
  await expect(bundleDocument(filesOf({ constructor: "" }))).rejects.toThrow(
    'a file named "constructor" cannot be compared',
  );
});
