import { rejectionOf } from "@slipway/base/testing";
import type { ComponentRef } from "@slipway/recipe";
import { expect, test } from "vitest";
import { renderManifests } from "./manifests.ts";
import { sampleCatalog } from "./testing/sample.ts";

const signal = new AbortController().signal;

function rendered(texts: Readonly<Record<string, string>>, component: Partial<ComponentRef> = {}, values = {}) {
  const ref = { name: "a", manifestFiles: Object.keys(texts), ...component };
  return renderManifests(sampleCatalog([], {}, texts), ref, values, signal);
}

test("a template sees the values under the component's name, the release and the chart", async () => {
  const template =
    'x: is {{ index .Values "a" "b" }} {{ .Release.Namespace }} {{ .Release.Service }} {{ .Chart.Name }} {{ .Chart.Version }}\n';
  const full = await rendered(
    { "m/t.yaml": template },
    { namespace: "ns", chart: "c", version: "v1.2" },
    { b: [1, "two"] },
  );
  expect(full.manifests.map(({ name, content }) => [name, content])).toEqual([
    ["t.yaml", "x: is [1 two] ns Helm c 1.2\n"],
  ]);
  const bare = await rendered({ "m/t.yaml": template });
  expect(bare.manifests[0]?.content).toBe("x: is <no value>  Helm a 0.1.0\n");
  expect(bare.warnings).toContain("a: m/t.yaml renders to <no value>: a value that it reads is not set");
});

test("functions of expressions and versions are there when a template calls them, also by way of tpl", async () => {
  const values = { text: '{{ regexFind "[0-9]+" "v42" }}' };
  const result = await rendered(
    {
      "m/plain.yaml": 'x: {{ regexMatch "^a" "abc" }} {{ semverCompare ">=1.2" "1.3.0" }}\n',
      "m/tpl.yaml": 'x: {{ tpl (index .Values "a" "text") . }}\n',
    },
    {},
    values,
  );
  expect(result.manifests.map(({ content }) => content)).toEqual(["x: true true\n", "x: 42\n"]);
  const error = await rejectionOf(rendered({ "m/t.yaml": '{{ regexMtch "a" }}' }));
  expect([error.message, error.hint]).toEqual(['unknown function "regexMtch"', 'Did you mean "regexMatch"?']);
});

test("a manifest that renders to nothing is left out", async () => {
  const result = await rendered({ "m/none.yaml": "# only\n---\n  # {{ 1 }}\n\n", "m/one.yaml": "kind: X\n" });
  expect(result.manifests.map(({ name }) => name)).toEqual(["one.yaml"]);
});

test("of two manifests with one name none is lost", async () => {
  const result = await rendered({ "a/t.yaml": "x: 1\n", "b/t.yaml": "x: 2\n", "c/T.yaml": "x: 3\n", "d/.x": "x: 4\n" });
  expect(result.manifests.map(({ name, content }) => [name, content])).toEqual([
    ["t.yaml", "x: 1\n"],
    ["t-2.yaml", "x: 2\n"],
    ["T-3.yaml", "x: 3\n"],
    [".x", "x: 4\n"],
  ]);
  expect(result.warnings.filter((warning) => warning.includes("two manifests"))).toEqual([
    "a: two manifests are named t.yaml; b/t.yaml is written as t-2.yaml",
    "a: two manifests are named T.yaml; c/T.yaml is written as T-3.yaml",
  ]);
});

test("what is said of a manifest decides when and where it is applied", async () => {
  const object = (apiVersion: string, kind: string, namespace: string): string =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: x\n${namespace === "" ? "" : `  namespace: ${namespace}\n`}`;
  const { manifests } = await rendered(
    {
      "m/early.yaml": object("v1", "ConfigMap", ""),
      "m/own.yaml": object("nvidia.com/v1", "ClusterPolicy", "ns"),
      "m/other.yaml": `${object("v1", "Namespace", "")}---\n${object("v1", "Secret", "elsewhere")}`,
      "m/flow.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: other}}\n",
    },
    { namespace: "ns" },
  );
  expect(manifests.map(({ content: _content, documents: _documents, ...rest }) => rest)).toEqual([
    { name: "early.yaml", isEarly: true, inNamespace: true, definesNamespace: false },
    { name: "own.yaml", isEarly: false, inNamespace: true, definesNamespace: false },
    { name: "other.yaml", isEarly: true, inNamespace: false, definesNamespace: true },
    { name: "flow.yaml", isEarly: true, inNamespace: false, definesNamespace: false },
  ]);
});

test("what is no object of Kubernetes is warned of, and what is no YAML is refused", async () => {
  const { manifests, warnings } = await rendered({ "m/x.yaml": "hello\n", "m/null.yaml": "~\n" });
  expect(manifests.map(({ name }) => name)).toEqual(["x.yaml"]);
  expect(warnings).toEqual(["a: m/x.yaml is no manifest of Kubernetes: document 1 is no map"]);
  const error = await rejectionOf(rendered({ "m/x.yaml": "hello: [world\n" }));
  expect([error.code, error.place]).toEqual(["INVALID_INPUT", { file: "m/x.yaml", line: 2, column: 1 }]);
});

test("a file that is not there, a bad template and a bad name are refused", async () => {
  const missing = await rejectionOf(rendered({ "m/x.yaml": "x: 1\n" }, { manifestFiles: ["m/y.yaml"] }));
  expect([missing.code, missing.describe()]).toEqual([
    "NOT_FOUND",
    'a.manifestFiles: the catalog has no manifest "m/y.yaml"\nDid you mean "m/x.yaml"?',
  ]);
  const broken = await rejectionOf(rendered({ "m/x.yaml": "a\n{{ if }}\n" }));
  expect([broken.code, broken.place?.file, broken.place?.line]).toEqual(["INVALID_TEMPLATE", "m/x.yaml", 2]);
  const named = await rejectionOf(rendered({ "m/..": "x: 1\n" }));
  expect(named.describe()).toBe('a.manifestFiles: "m/.." cannot name a manifest: the path leaves the bundle');
});

test("nothing more is rendered once the signal is aborted", async () => {
  const stopped = AbortSignal.abort(new Error("stop"));
  const catalog = sampleCatalog([], {}, { "m/x.yaml": "x: 1\n" });
  await expect(renderManifests(catalog, { name: "a", manifestFiles: ["m/x.yaml"] }, {}, stopped)).rejects.toThrow(
    "stop",
  );
});
