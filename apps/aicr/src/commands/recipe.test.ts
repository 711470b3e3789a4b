import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inWorkplace } from "../testing/aicr.ts";

const EKS_TRAINING = `kind: RecipeResult
apiVersion: aicr.nvidia.com/v1alpha1
metadata:
  version: 1.2.3
  appliedOverlays:
    - base
    - eks
    - eks-training
criteria:
  service: eks
  accelerator: any
  intent: training
  os: any
  platform: any
constraints:
  - name: K8s.server.version
    value: '>= 1.32'
componentRefs:
  - name: cert-manager
    namespace: cert-manager
    chart: cert-manager
    type: Helm
    source: https://charts.jetstack.io
    version: v1.17.2
  - name: gpu-operator
    namespace: gpu-operator
    chart: gpu-operator
    type: Helm
    source: https://helm.ngc.nvidia.com/nvidia
    version: v25.10.1
    valuesFile: components/gpu-operator/values.yaml
    overrides:
      toolkit:
        enabled: false
    dependencyRefs:
      - cert-manager
deploymentOrder:
  - cert-manager
  - gpu-operator
`;

const SNAPSHOT = `kind: Snapshot
measurements:
  - type: K8s
    subtypes:
      - subtype: server
        data: { version: v1.31.2-eks-abc }
`;

test.each([
  "recipe --service eks --intent training",
  "recipe --service=EKS -i Training -o - -t yaml",
  "recipe --service eks -itraining --accelerator '' --nodes -3 --log-json=false -o ' '",
])("%s", async (line) => {
  await inWorkplace({}, async ({ both }) => {
    const { exit, out } = await both(line);
    expect([exit, out]).toEqual([0, EKS_TRAINING]);
  });
});

test("without criteria it is the base recipe", async () => {
  await inWorkplace({}, async ({ both }) => {
    const { exit, out, err } = await both("recipe -t json");
    expect([exit, err]).toEqual([0, ""]);
    expect(JSON.parse(out)).toMatchObject({
      metadata: { version: "1.2.3", appliedOverlays: ["base"] },
      deploymentOrder: ["cert-manager", "gpu-operator"],
    });
  });
});

test("a table for people", async () => {
  await inWorkplace({}, async ({ both }) => {
    const { exit, out } = await both("recipe --service eks --format table");
    expect([exit, out.split("\n").slice(0, 8)]).toEqual([
      0,
      [
        "CRITERIA",
        "  service       eks",
        "  accelerator   any",
        "  intent        any",
        "  os            any",
        "  platform      any",
        "  nodes         any",
        "",
      ],
    ]);
  });
});

test("-o writes a file, in another folder too, and says so", async () => {
  await inWorkplace({ "below/x": "" }, async ({ both, run, cwd }) => {
    expect(await both("recipe --service eks --intent training -o recipe.yaml")).toEqual({
      exit: 0,
      out: "",
      err: "[cli] recipe written: file=recipe.yaml components=2\n",
    });
    expect(await readFile(join(cwd, "recipe.yaml"), "utf8")).toBe(EKS_TRAINING);
    expect((await run("recipe -o ../up.yaml")).exit).toBe(0);
    expect(await readdir(join(cwd, ".."))).toContain("up.yaml");
  });
});

test.each([
  ["a file in YAML", "recipe -c c.yaml --intent training", {}],
  ["a file in JSON", "recipe -c c.json --intent training", {}],
  ["standard input", "recipe --criteria - --intent training", { stdin: "spec: {service: eks, accelerator: h100}" }],
])("criteria from %s, flags over them", async (_name, line, options) => {
  const spec = { service: "eks", accelerator: "h100" };
  const files = {
    "c.yaml": "kind: RecipeCriteria\nspec:\n  service: eks\n  accelerator: h100\n",
    "c.json": JSON.stringify({ spec }),
  };
  await inWorkplace(files, async ({ both }) => {
    const { exit, out } = await both(`${line} --gpu any`, options);
    expect([exit, out]).toEqual([0, EKS_TRAINING]);
  });
});

test("keys of documents that nothing reads are named", async () => {
  const files = {
    "c.yaml": "spec: {service: eks, itent: training}\n",
    "s.yaml": "kind: Snapshot\nmeasurement: []\n",
    "data/registry.yaml": "components: []\n",
    "data/overlays/x.yaml": "metadata: {name: x}\nspec:\n  criteria: {servic: gke}\n",
  };
  await inWorkplace(files, async ({ both }) => {
    const warned = async (line: string): Promise<readonly unknown[]> => {
      const { exit, err } = await both(line);
      return [exit, err];
    };
    expect(await warned("recipe -c c.yaml")).toEqual([
      0,
      '[cli] warning: c.yaml: spec: unknown key "itent" is ignored. Did you mean "intent"?\n',
    ]);
    expect(await warned("recipe -s s.yaml")).toEqual([
      0,
      '[cli] warning: s.yaml: unknown key "measurement" is ignored. Did you mean "measurements"?\n',
    ]);
    expect(await warned("recipe --data data")).toEqual([
      0,
      '[cli] warning: data/overlays/x.yaml:3:14: spec.criteria: unknown key "servic" is ignored. Did you mean "service"?\n',
    ]);
  });
});

test("criteria from an address", async () => {
  await inWorkplace({}, async ({ both }) => {
    const fetched = (): Promise<Response> => Promise.resolve(new Response("spec: {service: eks, intent: training}"));
    const { exit, out } = await both("recipe -c https://example.com/criteria.yaml", { fetch: fetched });
    expect([exit, out]).toEqual([0, EKS_TRAINING]);
  });
});

test("criteria from a snapshot; what its cluster cannot run is left out, with the reason", async () => {
  await inWorkplace({ "s.yaml": SNAPSHOT, "c.yaml": "spec: {service: gke}" }, async ({ both }) => {
    const { exit, out, err } = await both("recipe -s s.yaml -c c.yaml --intent training -t json");
    expect([exit, err]).toEqual([
      0,
      "[cli] warning: --criteria is ignored, because --snapshot is given\n" +
        "[cli] warning: overlay left out, because a constraint of it is not met: overlay=eks-training " +
        'constraint=K8s.server.version reason="expected >= 1.32, got v1.31.2-eks-abc"\n',
    ]);
    expect(JSON.parse(out)).toMatchObject({
      metadata: { appliedOverlays: ["base", "eks"], excludedOverlays: ["eks-training"] },
      criteria: { service: "eks", intent: "training" },
    });
  });
});

test("with --strict an overlay that was left out is an error that says why", async () => {
  await inWorkplace({ "s.yaml": SNAPSHOT }, async ({ both }) => {
    const warning =
      "[cli] warning: overlay left out, because a constraint of it is not met: overlay=eks-training " +
      'constraint=K8s.server.version reason="expected >= 1.32, got v1.31.2-eks-abc"\n';
    expect(await both("recipe -s s.yaml --intent training --strict")).toEqual({
      exit: 3,
      out: "",
      err:
        `${warning}error: intent=training changes nothing, because what is for it was left out: overlay "eks-training"\n` +
        "  The cluster of the snapshot does not meet K8s.server.version expected >= 1.32, got v1.31.2-eks-abc.\n",
    });
  });
});

test("a criterion that changes nothing is named; with --strict it is an error", async () => {
  await inWorkplace({}, async ({ both }) => {
    const { exit, err } = await both("recipe --service eks --gpu h100 --os ubuntu");
    expect([exit, err]).toEqual([
      0,
      "[cli] warning: no overlay that applies is for accelerator=h100, os=ubuntu: the recipe is the same without them. " +
        "Covered: service=eks; service=eks, intent=training (aicr recipe list shows what the catalog covers).\n",
    ]);
    expect(await both("recipe --service eks --gpu h100 --strict")).toEqual({
      exit: 3,
      out: "",
      err:
        "error: no overlay that applies is for accelerator=h100: the recipe is the same without it\n" +
        "  Covered: service=eks; service=eks, intent=training (aicr recipe list shows what the catalog covers).\n",
    });
  });
});

test("a directory of data is laid over the catalog, or used alone", async () => {
  const base = "kind: RecipeMetadata\nmetadata: {name: base}\nspec: {componentRefs: [{name: own, type: Helm}]}\n";
  const files = {
    "data/registry.yaml": "kind: ComponentRegistry\ncomponents: []\n",
    "data/overlays/gke.yaml": "metadata: {name: gke}\nspec: {criteria: {service: gke}, componentRefs: [{name: x}]}\n",
    "alone/registry.yaml": "kind: ComponentRegistry\ncomponents: []\n",
    "alone/overlays/base.yaml": base,
  };
  await inWorkplace(files, async ({ both }) => {
    const over = await both("recipe --service gke --data data -t json");
    expect(JSON.parse(over.out)).toMatchObject({ deploymentOrder: ["cert-manager", "gpu-operator", "x"] });
    const alone = await both("recipe --data=alone --no-embedded-data -t json");
    expect(JSON.parse(alone.out)).toMatchObject({ deploymentOrder: ["own"] });
  });
});

test("errors about overlays name the directory that they are from", async () => {
  const files = {
    "data/registry.yaml": "components: []\n",
    "data/overlays/kind.yaml":
      "metadata: {name: kind}\nspec: {criteria: {service: kind}, componentRefs: [{name: x, dependencyRefs: [cert-managr]}]}\n",
    "data/overlays/gke.yaml": "metadata: {name: gke}\nspec: {base: none, criteria: {service: gke}}\n",
  };
  await inWorkplace(files, async ({ both }) => {
    expect(await both("recipe --service kind --data data")).toEqual({
      exit: 2,
      out: "",
      err:
        'error: data/overlays/kind.yaml: component "x" depends on "cert-managr", which the recipe does not have\n' +
        '  Did you mean "cert-manager"?\n',
    });
    expect(await both("recipe --service gke --data data")).toEqual({
      exit: 2,
      out: "",
      err:
        'error: data/overlays/gke.yaml: spec.base: overlay "gke" builds on "none", which does not exist\n' +
        '  Add an overlay "none", or build on "base".\n',
    });
  });
});

test.each([
  ["recipe --service eksx", 2, /^error: --service: "eksx" is no service; expected .*\n {2}Did you mean "eks"\?\n$/],
  ["recipe --service eks --service gke", 2, "error: --service is given twice\n  It takes one value: give it once.\n"],
  [
    "recipe --gpu h100 --accelerator h100",
    2,
    "error: --gpu and --accelerator are the same flag\n  It takes one value: give it once.\n",
  ],
  ["recipe --servise eks", 2, 'error: unknown flag --servise\n  Did you mean "--service"?\n'],
  ["recipe --service", 2, "error: --service needs a value: --service SERVICE\n"],
  ["recipe --nodes many", 2, 'error: --nodes takes a whole number, not "many"\n'],
  ["recipe -t xml", 2, /^error: -t takes yaml, json or table, not "xml"\n/],
  ["recipe --no-embedded-data", 2, "error: --no-embedded-data leaves no catalog: give --data DIR with it\n"],
  ["recipe --data none", 3, "error: none: there is no such data directory\n"],
  ["recipe -c none.yaml", 3, "error: none.yaml: no such file or directory\n"],
  ["recipe -c bad.yaml", 2, /^error: bad\.yaml:2:3: spec\.service: "eksx" is no service; /],
  ["recipe -c kind.yaml", 2, 'error: kind.yaml:1:1: kind: expected RecipeCriteria, found "Pod"\n'],
  ["recipe -c list.yaml", 2, "error: list.yaml:1:1: expected a map, found a list\n"],
  [
    "recipe -s cm://a/b",
    3,
    "error: cm://a/b: there is no kubeconfig\n" +
      "  Name one with --kubeconfig or in KUBECONFIG, or run inside a pod that has a service account.\n",
  ],
  ["recipe -o cm://only", 2, 'error: "cm://only" does not name a ConfigMap: write cm://NAMESPACE/NAME\n'],
  ["recipe -o none/recipe.yaml", 3, "error: none/recipe.yaml: no such file or directory\n"],
])("%s", async (line, exit, err) => {
  const files = { "bad.yaml": "spec:\n  service: eksx\n", "kind.yaml": "kind: Pod\n", "list.yaml": "- a\n" };
  await inWorkplace(files, async ({ both, cwd }) => {
    const seen = await both(line);
    expect([seen.exit, seen.out]).toEqual([exit, ""]);
    expect(seen.err).toMatch(err);
    expect(await readdir(cwd)).toEqual(Object.keys(files));
  });
});
