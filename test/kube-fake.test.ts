import { valueAt } from "@slipway/base";
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { startCluster, type Cluster } from "@slipway/kube/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { helmBinary, kubectlBinary } from "./tools.ts";

let cluster: Cluster;

beforeEach(async () => {
  cluster = await startCluster();
});

afterEach(async () => {
  await cluster.close();
});

async function fill(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(cluster.home, path)), { recursive: true });
    await writeFile(join(cluster.home, path), content);
  }
}

/** Runs a tool against the cluster; gives its output, or what it says when it fails. */
async function run(tool: () => Promise<string | undefined>, line: string): Promise<string> {
  const program = await tool();
  if (program === undefined) return "no tool";
  return new Promise((resolve) => {
    const env = { PATH: process.env["PATH"], HOME: cluster.home, KUBECONFIG: cluster.kubeconfig };
    execFile(program, line.split(" "), { cwd: cluster.home, env }, (error, stdout, stderr) => {
      resolve(error === null ? stdout : stderr);
    });
  });
}

const kubectl = async (line: string): Promise<string> => run(kubectlBinary, line);
const helm = async (line: string): Promise<string> => run(helmBinary, line);

async function hasTools(): Promise<boolean> {
  return (await kubectlBinary()) !== undefined;
}

const DEFINITION = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
`;
const WIDGET = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: first}\nspec: {size: 1}\n";

test("the real kubectl applies, waits and deletes", async ({ skip }) => {
  if (!(await hasTools())) {
    skip("no kubectl");
    return;
  }
  await fill({ "definition.yaml": DEFINITION, "widget.yaml": WIDGET });
  expect(await kubectl("apply -f widget.yaml")).toContain('no matches for kind "Widget" in version "example.com/v1"');
  expect(await kubectl("apply -f definition.yaml")).toBe(
    "customresourcedefinition.apiextensions.k8s.io/widgets.example.com created\n",
  );
  expect(await kubectl("wait --for=condition=Established crd/widgets.example.com --timeout=10s")).toContain(
    "condition met",
  );
  expect(await kubectl("apply -f widget.yaml")).toBe("widget.example.com/first created\n");
  expect(await kubectl("apply -f widget.yaml")).toBe("widget.example.com/first unchanged\n");
  await fill({ "widget.yaml": WIDGET.replace("size: 1", "size: 2") });
  expect(await kubectl("apply --server-side --force-conflicts -f widget.yaml")).toContain("first serverside-applied");
  expect(await kubectl("get widget first -o jsonpath={.spec.size}")).toBe("2");
  expect(await kubectl("create namespace team")).toBe("namespace/team created\n");
  expect(await kubectl("delete namespace team --timeout 10s")).toBe('namespace "team" deleted\n');
  expect(await kubectl("delete -f definition.yaml --timeout 10s")).toContain("deleted");
  expect(cluster.objects("Widget")).toEqual([]);
});

test("the real helm installs, waits, upgrades, lists and uninstalls", async ({ skip }) => {
  if (!(await hasTools())) {
    skip("no helm");
    return;
  }
  await fill({
    "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
    "chart/values.yaml": "color: red\n",
    "chart/crds/widgets.yaml": DEFINITION,
    "chart/templates/all.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {color: {{ .Values.color }}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web}]}
`,
  });
  const flags = "-n team --create-namespace --wait --timeout 20s";
  expect(await helm(`upgrade --install one ./chart ${flags}`)).toContain("STATUS: deployed\nREVISION: 1\n");
  expect(await helm(`upgrade --install one ./chart ${flags} --set color=blue`)).toContain("REVISION: 2\n");
  expect(cluster.objects("ConfigMap", "team").map((object) => valueAt(object, "data"))).toEqual([{ color: "blue" }]);
  expect(await kubectl("rollout restart deployment/web -n team")).toBe("deployment.apps/web restarted\n");
  expect(await kubectl("rollout status deployment/web -n team --timeout 10s")).toContain("successfully rolled out");
  expect(await helm("list -A --output json")).toContain('"name":"one","namespace":"team","revision":"2"');
  expect(await helm("uninstall one -n team --wait --timeout 20s")).toBe('release "one" uninstalled\n');
  expect([cluster.objects("Deployment"), cluster.objects("Secret")]).toEqual([[], []]);
  expect(cluster.objects("CustomResourceDefinition")).toHaveLength(1);
});
