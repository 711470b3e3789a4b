import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseSet, type ComponentRef } from "@slipway/recipe";
import { fakeRecipe } from "@slipway/recipe/testing";
import { describe, expect, test } from "vitest";
import { makeBundle } from "../../bundle.ts";
import type { Bundle } from "../../model.ts";
import { SAMPLE_CATALOG, SAMPLE_RECIPE, sampleCatalog, sampleOptions } from "../../testing/sample.ts";
import { scriptFolder, type ScriptFolder } from "../../testing/scripts.ts";

const APPLY = "kubectl apply --server-side --force-conflicts";
const SETTINGS = `${APPLY} --namespace gpu-operator --filename BUNDLE/gpu-operator/manifests/settings.yaml`;
const POLICY = `${APPLY} --namespace gpu-operator --filename BUNDLE/gpu-operator/manifests/policy.yaml`;
const OPERATOR =
  "helm upgrade --install gpu-operator gpu-operator --repo https://helm.ngc.nvidia.com/nvidia --version v25.10.1 " +
  "--namespace gpu-operator --values BUNDLE/gpu-operator/values.yaml";
const PHASE = "--ignore-not-found --output jsonpath={.metadata.name}:{.status.phase}";

async function sample(behaviour?: string): Promise<ScriptFolder> {
  const { files } = await makeBundle(SAMPLE_RECIPE, SAMPLE_CATALOG, sampleOptions());
  return scriptFolder(files, behaviour);
}

function bundleOf(components: readonly ComponentRef[], texts: Readonly<Record<string, string>> = {}): Promise<Bundle> {
  return makeBundle(fakeRecipe(components), sampleCatalog([], {}, texts), sampleOptions());
}

describe("deploy.sh", () => {
  test("installs everything in order, manifests before and after their chart", async () => {
    const run = await (await sample()).run("deploy.sh");
    expect([run.exitCode, run.stderr]).toEqual([0, ""]);
    expect(run.calls).toEqual([
      "kubectl version",
      `kubectl get namespace cert-manager ${PHASE}`,
      "kubectl create namespace cert-manager",
      "helm upgrade --install cert-manager oci://quay.io/jetstack/charts/cert-manager --version v1.17.2 --namespace cert-manager --values BUNDLE/cert-manager/values.yaml --wait --timeout 10m",
      `kubectl get namespace gpu-operator ${PHASE}`,
      "kubectl create namespace gpu-operator",
      SETTINGS,
      POLICY,
      `${OPERATOR} --wait --timeout 10m`,
      SETTINGS,
      POLICY,
      `${APPLY} --kustomize https://github.com/kubeflow/trainer//manifests/overlays/manager?ref=v2.1.0`,
      `kubectl get namespace skyhook ${PHASE}`,
      "kubectl create namespace skyhook",
      `${APPLY} --namespace skyhook --filename BUNDLE/tuning/manifests/tuning.yaml`,
    ]);
  });

  test("--dry-run prints those commands and runs none, not even a look at the cluster", async () => {
    const scripts = await sample();
    const real = await scripts.run("deploy.sh");
    const dry = await scripts.run("deploy.sh", "--dry-run");
    expect([dry.exitCode, dry.stderr, dry.calls]).toEqual([0, "", []]);
    const printed = dry.stdout.split("\n").filter((line) => line.startsWith("+ "));
    const changing = real.calls.filter((call) => !/^kubectl (version|get)/.test(call));
    expect(printed).toHaveLength(changing.length);
    expect(printed[0]).toBe("+ kubectl create namespace cert-manager");
  });

  test("a rehearsal that fails, because its reader went away for example, is not tried again", async () => {
    const scripts = await sample();
    await writeFile(join(scripts.folder, "gpu-operator/install.sh"), "exit 1\n");
    const dry = await scripts.run("deploy.sh", "--dry-run");
    expect([dry.exitCode, dry.stderr, dry.calls]).toEqual([1, "Not installed: gpu-operator\n", []]);
  });

  test("Ctrl-C ends it: what failed because of it is not tried again", async () => {
    const scripts = await sample(
      `if [[ "$line" == 'helm upgrade'* ]]; then kill -INT "$(ps -o ppid= -p "$PPID")"; exit 1; fi`,
    );
    const run = await scripts.run("deploy.sh");
    expect([run.exitCode, run.stderr]).toEqual([130, "Interrupted.\n"]);
    expect(run.calls.filter((call) => call.startsWith("sleep"))).toEqual([]);
  });

  test("--no-wait and --kube-context reach every command", async () => {
    const run = await (await sample()).run("deploy.sh", "--no-wait", "--kube-context", "a 'b' $c");
    expect(run.exitCode).toBe(0);
    expect(run.calls.filter((call) => call.includes("--wait"))).toEqual([]);
    for (const call of run.calls)
      expect(call).toContain(call.startsWith("helm") ? "--kube-context a 'b' $c" : "kubectl --context a 'b' $c");
  });

  test("a component that fails is tried again, with longer and longer pauses, and then everything ends", async () => {
    const scripts = await sample(`if [[ "$line" == 'helm upgrade --install gpu-operator'* ]]; then exit 1; fi`);
    const run = await scripts.run("deploy.sh", "--retries", "6");
    expect(run.exitCode).toBe(1);
    expect(run.calls.filter((call) => call.startsWith("sleep"))).toEqual(
      [5, 20, 45, 80, 120, 120].map((seconds) => `sleep ${seconds}`),
    );
    expect(run.calls.filter((call) => call.startsWith(OPERATOR))).toHaveLength(7);
    expect(run.calls.join("\n")).not.toContain("skyhook");
    expect(run.stderr.trim().split("\n").at(-1)).toBe("Not installed: gpu-operator");
  });

  test("a component that succeeds at the second try is installed", async () => {
    const scripts = await sample(
      `if [[ "$line" == 'helm upgrade --install gpu-operator'* && "$count" == 1 ]]; then exit 1; fi`,
    );
    const run = await scripts.run("deploy.sh");
    expect([run.exitCode, run.stderr]).toEqual([0, "gpu-operator failed; trying again in 5 seconds (1 of 5).\n"]);
    expect(run.stdout).toContain("All components are installed.");
  });

  test("--best-effort goes on, and still says at the end that not all is well", async () => {
    const scripts = await sample(`if [[ "$line" == 'helm upgrade'* ]]; then exit 1; fi`);
    const run = await scripts.run("deploy.sh", "--best-effort", "--retries", "0");
    expect(run.exitCode).toBe(1);
    expect(run.calls.at(-1)).toBe(`${APPLY} --namespace skyhook --filename BUNDLE/tuning/manifests/tuning.yaml`);
    expect(run.stderr).toBe("Not installed: cert-manager gpu-operator\n");
  });

  test("kinds that the chart brings may be missing before it, but not after; other errors count at once", async () => {
    const failing = (message: string): string =>
      `if [[ "$line" == *policy.yaml && "$count" == 1 ]]; then echo '${message}' >&2; exit 1; fi`;
    const missing = await (await sample(failing("no matches for kind X"))).run("gpu-operator/install.sh");
    expect(missing.exitCode).toBe(0);
    expect(missing.calls.filter((call) => call === POLICY)).toHaveLength(2);
    const forbidden = await (await sample(failing("forbidden"))).run("gpu-operator/install.sh");
    expect(forbidden.exitCode).toBe(1);
    expect(forbidden.calls.filter((call) => call.startsWith("helm"))).toEqual([]);
    const always = `if [[ "$line" == *policy.yaml ]]; then echo 'no matches for kind X' >&2; exit 1; fi`;
    expect((await (await sample(always)).run("gpu-operator/install.sh")).exitCode).toBe(1);
  });

  test("a namespace that is being deleted is not installed into", async () => {
    const scripts = await sample(`if [[ "$line" == *'get namespace'* ]]; then printf 'x:Terminating'; fi`);
    const run = await scripts.run("gpu-operator/install.sh");
    expect([run.exitCode, run.stderr]).toEqual([1, "The namespace is still being deleted.\n"]);
  });

  test("a cluster that does not answer is told of before anything is tried", async () => {
    const scripts = await sample(`if [[ "$line" == 'kubectl version' ]]; then exit 1; fi`);
    const run = await scripts.run("deploy.sh");
    expect([run.exitCode, run.calls]).toEqual([1, ["kubectl version"]]);
    expect(run.stderr).toBe("The cluster does not answer. Check KUBECONFIG, or choose one with --kube-context.\n");
  });

  test("kai-scheduler is not waited for, and the plugin of the DRA driver is started again", async () => {
    const { files } = await bundleOf([
      { name: "kai-scheduler", source: "oci://ghcr.io/nvidia", namespace: "kube-system" },
      { name: "nvidia-dra-driver-gpu", source: "https://x.example.com", namespace: "dra" },
    ]);
    const run = await (await scriptFolder(files)).run("deploy.sh");
    expect(run.exitCode).toBe(0);
    expect(run.calls).toEqual([
      "kubectl version",
      "helm upgrade --install kai-scheduler oci://ghcr.io/nvidia/kai-scheduler --namespace kube-system --values BUNDLE/kai-scheduler/values.yaml",
      `kubectl get namespace dra ${PHASE}`,
      "kubectl create namespace dra",
      "helm upgrade --install nvidia-dra-driver-gpu nvidia-dra-driver-gpu --repo https://x.example.com --namespace dra --values BUNDLE/nvidia-dra-driver-gpu/values.yaml --wait --timeout 10m",
      "kubectl rollout restart daemonset/nvidia-dra-driver-gpu-kubelet-plugin --namespace dra",
    ]);
  });
});

describe("undeploy.sh", () => {
  const REMOVED = [
    "kubectl delete --ignore-not-found --timeout 120s --namespace skyhook --filename BUNDLE/tuning/manifests/tuning.yaml",
    "kubectl delete --ignore-not-found --timeout 120s --kustomize https://github.com/kubeflow/trainer//manifests/overlays/manager?ref=v2.1.0",
    "kubectl delete --ignore-not-found --timeout 120s --namespace gpu-operator --filename BUNDLE/gpu-operator/manifests/policy.yaml",
    "helm uninstall gpu-operator --namespace gpu-operator --ignore-not-found --wait --timeout 120s",
    "kubectl delete --ignore-not-found --timeout 120s --namespace gpu-operator --filename BUNDLE/gpu-operator/manifests/settings.yaml",
    "helm show crds gpu-operator --repo https://helm.ngc.nvidia.com/nvidia --version v25.10.1",
    "helm uninstall cert-manager --namespace cert-manager --ignore-not-found --wait --timeout 120s",
    "helm show crds oci://quay.io/jetstack/charts/cert-manager --version v1.17.2",
  ];
  const isCleaning = (call: string): boolean => /get .*configurations|get custom|persistentvolumeclaims/.test(call);

  test("goes backwards, and then removes the namespaces", async () => {
    const run = await (await sample()).run("undeploy.sh");
    expect([run.exitCode, run.stderr]).toEqual([0, ""]);
    expect(run.calls.filter((call) => !isCleaning(call))).toEqual([
      "kubectl version",
      ...REMOVED,
      "kubectl delete namespace cert-manager --ignore-not-found --timeout 120s",
      "kubectl delete namespace gpu-operator --ignore-not-found --timeout 120s",
      "kubectl delete namespace skyhook --ignore-not-found --timeout 120s",
    ]);
  });

  test("deletes the definitions of charts, and what still carries the name of a release, but nothing of others", async () => {
    const scripts = await sample(`
      if [[ "$line" == 'helm show crds gpu-operator'* ]]; then echo 'kind: CustomResourceDefinition'; fi
      if [[ "$line" == *'get validatingwebhook'* ]]; then
        printf '%s\\n' 'own gpu-operator gpu-operator' 'other gpu-operator elsewhere' 'third <none> <none>'
      fi`);
    const run = await scripts.run("undeploy.sh", "--keep-namespaces");
    expect(run.exitCode).toBe(0);
    const extra = run.calls.filter((call) => call.includes("delete") && !REMOVED.includes(call));
    expect(extra).toEqual([
      "kubectl delete --ignore-not-found --timeout 120s --filename -",
      "kubectl delete validatingwebhookconfigurations own --ignore-not-found --timeout 120s",
    ]);
  });

  test("--keep-crds leaves every definition", async () => {
    const scripts = await sample(`
      if [[ "$line" == *'get customresource'* ]]; then echo 'own gpu-operator gpu-operator'; fi`);
    const usual = await scripts.run("undeploy.sh");
    expect(usual.calls).toContain("kubectl delete customresourcedefinitions own --ignore-not-found --timeout 120s");
    const keeping = await scripts.run("undeploy.sh", "--keep-crds");
    expect(keeping.exitCode).toBe(0);
    expect(keeping.calls.filter((call) => /show crds|customresourcedefinitions/.test(call))).toEqual([]);
    expect((await scripts.run("undeploy.sh", "--help")).stdout).toMatch(/--keep-crds .*every object of their kinds/);
  });

  test("a namespace with volume claims is kept until --delete-pvcs", async () => {
    const scripts = await sample(
      `if [[ "$line" == *'get persistentvolumeclaims --namespace skyhook'* ]]; then echo pvc/data; fi`,
    );
    const kept = await scripts.run("undeploy.sh");
    expect(kept.stderr).toContain("The namespace skyhook is kept: it holds volume claims.");
    expect(kept.calls).not.toContain("kubectl delete namespace skyhook --ignore-not-found --timeout 120s");
    const deleted = await scripts.run("undeploy.sh", "--delete-pvcs", "--timeout", "7");
    expect(deleted.calls.slice(-2)).toEqual([
      "kubectl delete persistentvolumeclaims --all --namespace skyhook --timeout 7s",
      "kubectl delete namespace skyhook --ignore-not-found --timeout 7s",
    ]);
  });

  test("what cannot be removed does not stop the rest, and is told at the end", async () => {
    const scripts = await sample(`if [[ "$line" == 'helm uninstall gpu-operator'* ]]; then exit 1; fi`);
    const run = await scripts.run("undeploy.sh");
    expect(run.exitCode).toBe(1);
    for (const call of REMOVED) expect(run.calls).toContain(call);
    expect(run.stderr).toBe("Not everything could be removed; see above, and run undeploy.sh again.\n");
  });

  test("--dry-run prints and changes nothing", async () => {
    const run = await (await sample()).run("undeploy.sh", "--dry-run", "--delete-pvcs");
    expect([run.exitCode, run.stderr, run.calls]).toEqual([0, "", []]);
    expect(run.stdout.split("\n").slice(0, 2)).toEqual([
      "tuning",
      expect.stringContaining("+ kubectl delete --ignore-not-found"),
    ]);
  });

  test("namespaces of the system, and manifests that define one, are left alone", async () => {
    const { files } = await bundleOf(
      [
        ...["kube-system", "default", "kube-public", "kube-node-lease", "argocd", "flux-system"].map((namespace) => ({
          name: `in-${namespace}`,
          namespace,
          source: "https://x.example.com",
        })),
        { name: "own", namespace: "own", manifestFiles: ["m/namespace.yaml"] },
      ],
      { "m/namespace.yaml": "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: kube-system\n" },
    );
    const run = await (await scriptFolder(files)).run("undeploy.sh");
    expect(run.calls.filter((call) => /delete namespace|namespace.yaml/.test(call))).toEqual([
      "kubectl delete namespace own --ignore-not-found --timeout 120s",
    ]);
  });
});

test.each(["deploy.sh", "undeploy.sh", "tuning/install.sh", "gpu-operator/uninstall.sh"])(
  "%s explains itself, and refuses what it does not know",
  async (script) => {
    const scripts = await sample();
    const help = await scripts.run(script, "--help");
    expect([help.exitCode, help.stderr, help.calls]).toEqual([0, "", []]);
    expect(help.stdout).toMatch(/^Usage: \w+\.sh \[--.*--dry-run/);
    const unknown = await scripts.run(script, "--nonsense");
    expect([unknown.exitCode, unknown.calls]).toEqual([2, []]);
    expect(unknown.stderr).toContain(": unknown option --nonsense\n");
    const incomplete = await scripts.run(script, "--kube-context");
    expect([incomplete.exitCode, incomplete.calls]).toEqual([2, []]);
    expect(incomplete.stderr).toContain(": --kube-context needs a name\n");
  },
);

test("an option does not take another one for its value, and a value may follow an equals sign", async () => {
  const scripts = await sample(`if [[ "$line" == 'helm '* ]]; then exit 1; fi`);
  for (const given of [["--kube-context", "--dry-run"], ["--kube-context=-x"], ["--kube-context="]]) {
    const run = await scripts.run("deploy.sh", ...given);
    expect([run.exitCode, run.calls]).toEqual([2, []]);
    expect(run.stderr).toContain("deploy.sh: --kube-context needs a name\n");
  }
  const run = await scripts.run("deploy.sh", "--retries=1", "--kube-context=a=b", "--no-wait");
  expect([run.exitCode, run.calls[0]]).toEqual([1, "kubectl --context a=b version"]);
  expect(run.calls.filter((call) => call.startsWith("sleep"))).toEqual(["sleep 5"]);
  expect((await scripts.run("deploy.sh", "--dry-run=no")).stderr).toContain("deploy.sh: unknown option --dry-run=no\n");
});

test.each(["-1", "08", "x", "1000000", ""])("--retries %j and --timeout %j are refused", async (number) => {
  const scripts = await sample();
  expect((await scripts.run("deploy.sh", "--retries", number)).stderr).toContain("--retries needs a whole number");
  expect((await scripts.run("undeploy.sh", "--timeout", number)).stderr).toContain("--timeout needs a whole number");
});

test("a component with nothing to install says so", async () => {
  const { files } = await bundleOf([{ name: "empty" }]);
  const scripts = await scriptFolder(files);
  const run = await scripts.run("deploy.sh");
  expect([run.exitCode, run.calls]).toEqual([0, ["kubectl version"]]);
  expect(run.stdout).toContain("There is nothing to install.");
  expect((await scripts.run("undeploy.sh")).exitCode).toBe(0);
});

test("texts that mean something to a shell reach the programs as they are", async () => {
  const evil = `$(touch pwned) \`touch pwned\` '"; touch pwned #`;
  const component = {
    name: `x ${evil}`,
    namespace: `n ${evil}`,
    chart: `c ${evil}`,
    source: `https://x/${evil}`,
    version: `1 ${evil}`,
    manifestFiles: [`m/${evil}.yaml`],
  };
  const texts = { [component.manifestFiles[0] ?? ""]: "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\n" };
  const recipe = fakeRecipe([component]);
  const bundle = await makeBundle(
    recipe,
    sampleCatalog([], {}, texts),
    sampleOptions({ overrides: [{ ...parseSet(`key:path=x`), key: component.name, value: evil, text: evil }] }),
  );
  const scripts = await scriptFolder(bundle.files);
  const run = await scripts.run("deploy.sh");
  expect(run.exitCode).toBe(0);
  const { chart, name, namespace, source, version } = component;
  const apply = `${APPLY} --namespace ${namespace} --filename BUNDLE/${name}/manifests/${evil}.yaml`;
  expect(run.calls).toEqual([
    "kubectl version",
    `kubectl get namespace ${namespace} ${PHASE}`,
    `kubectl create namespace ${namespace}`,
    apply,
    `helm upgrade --install ${name} ${chart} --repo ${source} --version ${version} --namespace ${namespace} --values BUNDLE/${name}/values.yaml --wait --timeout 10m`,
    apply,
  ]);
  const removed = await scripts.run("undeploy.sh");
  expect(removed.exitCode).toBe(0);
  expect(removed.calls).toContain(
    `helm uninstall ${name} --namespace ${namespace} --ignore-not-found --wait --timeout 120s`,
  );
});
