import { isTreeMap, listAt, mapAt, parseYaml, parseYamlDocuments, textAt, writeYaml, type Tree } from "@slipway/base";
import { RESOURCES, isForbidden, type KubeClient, type KubeObject, type Resource } from "@slipway/kube";
import { clientOf } from "@slipway/kube/testing";
import { agentObjects, printRbac, runNames, targetNames, type AgentOptions } from "@slipway/snapshot/agent";
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { eventually, testPrograms } from "../control-plane.ts";
import { playAgents } from "./agent-actor.ts";
import { BINARY, PROGRAMS, TEST_MS, folder, live, objectsOf, type Folder, type Live } from "./live.ts";

const RUN = "0000beef";
const JOB = "least";
const OWN_MAP = targetNames(JOB, RUN).snapshot;
const hasPrograms = (await testPrograms()) !== undefined;

function resource(group: string, version: string, plural: string, kind: string, namespaced: boolean): Resource {
  return { group, version, plural, kind, namespaced };
}

const WEBHOOKS = resource(
  "admissionregistration.k8s.io",
  "v1",
  "mutatingwebhookconfigurations",
  "MutatingWebhookConfiguration",
  false,
);
const CERTIFICATE_REQUESTS = resource(
  "certificates.k8s.io",
  "v1",
  "certificatesigningrequests",
  "CertificateSigningRequest",
  false,
);

describe.skipIf(!hasPrograms)("the rights of an agent", { timeout: TEST_MS }, () => {
  let stand: Live;
  let namespace: string;
  let other: string;
  let kubeconfig: string;
  let agent: KubeClient & { close(): void };

  beforeAll(async () => {
    stand = await live();
    await BINARY();
    [namespace, other] = await Promise.all([stand.cluster.namespace(), stand.cluster.namespace()]);
    const options: AgentOptions = { namespace, image: "x", jobName: JOB, timeoutMs: 60_000 };
    const names = runNames(JOB, RUN);
    const plan = { options, names, targets: [targetNames(JOB, RUN)], expires: "2026-01-01T00:00:00Z" };
    const items = agentObjects(plan, { kind: "any" }).filter(({ kind }) => !["Namespace", "Job"].includes(kind));
    await stand.cluster.kubectl(["create", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    await stand.cluster.kubectl(["create", "configmap", OWN_MAP, `--namespace=${other}`]);
    await stand.cluster.kubectl(["run", "web", "--image=docker.io/library/nginx:1.29", `--namespace=${other}`]);
    const token = await stand.cluster.kubectl(["create", "token", names.account, `--namespace=${namespace}`]);
    kubeconfig = await stand.cluster.controlPlane.kubeconfigFor({ token: token.trim() });
    agent = await clientOf({ kubeconfig });
    return async () => {
      agent.close();
      for (const kind of ["clusterrole", "clusterrolebinding"])
        await stand.cluster.kubectl(["delete", kind, names.clusterRole]);
    };
  });

  test.for(PROGRAMS)("are all that %s needs", async ([, program]) => {
    const place = await folder(stand);
    onTestFinished(async () => place.close());
    const env = { AICR_AGENT_MODE: "true", NODE_NAME: "live-gpu-0" };
    const address = `cm://${namespace}/${OWN_MAP}`;
    const own = await place.aicr(program, ["snapshot", "-o", address], { kubeconfig, env });
    expect(own).toMatchObject({ exit: 0, stdout: "" });
    expect(own.stderr).not.toMatch(/forbidden|may not/);
    const all = await place.aicr(program, ["snapshot", "--filter", "k8s,topology"], { env });
    const map = await stand.client.get(RESOURCES.configMaps, OWN_MAP, { namespace });
    const [measured, wanted] = [parseYaml(textAt(map, "data", "snapshot.yaml")), parseYaml(all.stdout)];
    for (const type of ["K8s", "NodeTopology"]) expect(subtypes(measured, type)).toEqual(subtypes(wanted, type));
    const images = subtypes(measured, "K8s").find((subtype) => textAt(subtype, "subtype") === "image");
    expect(mapAt(images, "data")).toMatchObject({ nginx: "1.29" });
  });

  function subtypes(snapshot: Tree, type: string): readonly Tree[] {
    const found = listAt(snapshot, "measurements").find((measurement) => textAt(measurement, "type") === type);
    return listAt(found, "subtypes");
  }

  test("are no more: everything else is refused", async () => {
    const answers = await Promise.all(
      Object.entries(REFUSED).map(async ([what, attempt]) => {
        const outcome = await attempt({ agent, namespace, other }).then(
          () => "done",
          (error: unknown) => (isForbidden(error) ? "forbidden" : String(error)),
        );
        return [what, outcome] as const;
      }),
    );
    expect(answers.length).toBeGreaterThan(25);
    expect(answers.filter(([, outcome]) => outcome !== "forbidden")).toEqual([]);
    const as = ["--kubeconfig", kubeconfig, "--as=admin", "--as-group=system:masters", "get", "secrets", "-A"];
    await expect(stand.cluster.kubectl(as)).rejects.toThrow("cannot impersonate");
    const token = ["--kubeconfig", kubeconfig, "create", "token", "default", "-n", other];
    await expect(stand.cluster.kubectl(token)).rejects.toThrow('cannot create resource "serviceaccounts/token"');
  });
});

interface Attempt {
  readonly agent: KubeClient;
  readonly namespace: string;
  /** A namespace with a pod `web`, and a ConfigMap that has the name of the agent's own. */
  readonly other: string;
}

const dryRun = true;

/** What somebody with a stolen token would try. */
const REFUSED: Readonly<Record<string, (attempt: Attempt) => Promise<unknown>>> = {
  "list all secrets": async ({ agent }) => agent.list(RESOURCES.secrets),
  "list secrets of its namespace": async ({ agent, namespace }) => agent.list(RESOURCES.secrets, { namespace }),
  "read a secret": async ({ agent, namespace }) => agent.get(RESOURCES.secrets, "registry", { namespace }),
  "make a secret": async ({ agent, namespace }) =>
    agent.create(RESOURCES.secrets, named("v1", "Secret"), { namespace, dryRun }),
  "read a pod": async ({ agent, other }) => agent.get(RESOURCES.pods, "web", { namespace: other }),
  "make a pod": async ({ agent, namespace }) => agent.create(RESOURCES.pods, named("v1", "Pod"), { namespace, dryRun }),
  "delete a pod": async ({ agent, other }) => agent.delete(RESOURCES.pods, "web", { namespace: other, dryRun }),
  "run a command in a pod": async ({ agent, other }) => agent.exec("web", { namespace: other, command: ["id"] }),
  "read a log": async ({ agent, other }) => read(agent.logs("web", { namespace: other })),
  "reach a pod through the server": async ({ agent, other }) =>
    agent.read(`/api/v1/namespaces/${other}/pods/web/proxy/`),
  "reach a kubelet": async ({ agent }) => agent.read("/api/v1/nodes/live-gpu-0/proxy/configz"),
  "label a node": async ({ agent }) =>
    agent.patch(
      RESOURCES.nodes,
      "live-gpu-0",
      { type: "merge", value: { metadata: { labels: { x: "y" } } } },
      { dryRun },
    ),
  "delete a node": async ({ agent }) => agent.delete(RESOURCES.nodes, "live-gpu-0", { dryRun }),
  "make a node": async ({ agent }) => agent.create(RESOURCES.nodes, named("v1", "Node"), { dryRun }),
  "list the ConfigMaps of its namespace": async ({ agent, namespace }) =>
    agent.list(RESOURCES.configMaps, { namespace }),
  "read another ConfigMap": async ({ agent, namespace }) =>
    agent.get(RESOURCES.configMaps, "kube-root-ca.crt", { namespace }),
  "write another ConfigMap": async ({ agent, namespace }) => patchMap(agent, "kube-root-ca.crt", namespace),
  "write the ConfigMap of its name elsewhere": async ({ agent, other }) => patchMap(agent, OWN_MAP, other),
  "make a ConfigMap": async ({ agent, namespace }) =>
    agent.create(RESOURCES.configMaps, named("v1", "ConfigMap"), { namespace, dryRun }),
  "delete its ConfigMap": async ({ agent, namespace }) =>
    agent.delete(RESOURCES.configMaps, OWN_MAP, { namespace, dryRun }),
  "make a Job": async ({ agent, namespace }) =>
    agent.create(RESOURCES.jobs, named("batch/v1", "Job"), { namespace, dryRun }),
  "delete its Job": async ({ agent, namespace }) =>
    agent.delete(RESOURCES.jobs, "least-0000beef", { namespace, dryRun }),
  "change a deployment": async ({ agent, other }) =>
    agent.patch(
      RESOURCES.deployments,
      "web",
      { type: "merge", value: { spec: { replicas: 0 } } },
      { namespace: other, dryRun },
    ),
  "make a namespace": async ({ agent }) => agent.create(RESOURCES.namespaces, named("v1", "Namespace"), { dryRun }),
  "delete its namespace": async ({ agent, namespace }) => agent.delete(RESOURCES.namespaces, namespace, { dryRun }),
  "make a service account": async ({ agent, namespace }) =>
    agent.create(RESOURCES.serviceAccounts, named("v1", "ServiceAccount"), { namespace, dryRun }),
  "give itself more rights": async ({ agent }) =>
    agent.patch(
      RESOURCES.clusterRoles,
      runNames(JOB, RUN).clusterRole,
      { type: "merge", value: { rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] } },
      { dryRun },
    ),
  "become cluster-admin": async ({ agent, namespace }) =>
    agent.create(
      RESOURCES.clusterRoleBindings,
      {
        ...named("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ kind: "ServiceAccount", name: "least-0000beef", namespace }],
      },
      { dryRun },
    ),
  "list roles": async ({ agent, namespace }) => agent.list(RESOURCES.roles, { namespace }),
  "ask for a certificate": async ({ agent }) =>
    agent.create(CERTIFICATE_REQUESTS, named("certificates.k8s.io/v1", "CertificateSigningRequest"), { dryRun }),
  "set up a webhook": async ({ agent }) =>
    agent.create(WEBHOOKS, named("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"), { dryRun }),
  "read metrics of the server": async ({ agent }) => agent.read("/metrics", { accept: "text/plain" }),
};

function named(apiVersion: string, kind: string): KubeObject {
  return { apiVersion, kind, metadata: { name: "stolen" } };
}

async function patchMap(agent: KubeClient, name: string, namespace: string): Promise<unknown> {
  return await agent.patch(RESOURCES.configMaps, name, { type: "merge", value: { data: {} } }, { namespace, dryRun });
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) void chunk;
}

describe.skipIf(!hasPrograms)("whoever starts an agent", { timeout: TEST_MS }, () => {
  let stand: Live;
  let place: Folder;
  let namespace: string;

  beforeAll(async () => {
    stand = await live();
  });

  beforeEach(async () => {
    [place, namespace] = [await folder(stand), await stand.cluster.namespace()];
  });

  afterEach(async () => {
    await place.close();
  });

  /** A kubeconfig of somebody who has what `--print-rbac` prints for them, but for one right. */
  async function starter(without?: readonly [resource: string, verb: string]): Promise<string> {
    const user = `starter-${namespace}`;
    const documents = parseYamlDocuments(printRbac({ namespace }));
    const roles = documents
      .filter(isTreeMap)
      .filter((document) => textAt(document, "metadata", "name") === "aicr-snapshot-user")
      .map((document) => ({
        ...document,
        metadata: { ...mapAt(document, "metadata"), name: user },
        rules: rules(document, without),
      }));
    expect(roles.map((role) => textAt(role, "kind"))).toEqual(["ClusterRole", "Role"]);
    await stand.cluster.kubectl(["create", "-f", "-"], roles.map((role) => writeYaml(role)).join("---\n"));
    await stand.cluster.kubectl(["create", "clusterrolebinding", user, `--clusterrole=${user}`, `--user=${user}`]);
    await stand.cluster.kubectl(["create", "rolebinding", user, `--role=${user}`, `--user=${user}`, "-n", namespace]);
    onTestFinished(async () => {
      await stand.cluster.kubectl(["delete", "clusterrole,clusterrolebinding", user]);
    });
    return await stand.cluster.controlPlane.kubeconfigFor({ user });
  }

  function rules(document: Tree, without: readonly [string, string] | undefined): readonly Tree[] {
    return listAt(document, "rules")
      .filter(isTreeMap)
      .map((rule) => {
        const isIt = without !== undefined && listAt(rule, "resources").includes(without[0]);
        return isIt ? { ...rule, verbs: listAt(rule, "verbs").filter((verb) => verb !== without[1]) } : rule;
      })
      .filter((rule) => listAt(rule, "verbs").length > 0);
  }

  test.for(PROGRAMS)("needs what --print-rbac prints and nothing more, with %s", async ([name, program]) => {
    const kubeconfig = await starter();
    const actor = await playAgents(stand, { namespace, program: BINARY });
    onTestFinished(async () => actor.close());
    const job = name.replaceAll(" ", "-");
    const argv = ["snapshot", "--agent", "-n", namespace, "--job-name", job, "-o", "out.yaml", "--filter", "gpu"];
    const outcome = await place.aicr(program, argv, { kubeconfig });
    expect(outcome).toMatchObject({ exit: 0, stdout: "" });
    expect(outcome.stderr).not.toMatch(/forbidden|may not/);
    await eventually(async () => expect(await objectsOf(stand, job)).toEqual([]));
  });

  test.for([
    ["jobs", "create", "create jobs.batch in the namespace"],
    ["pods/log", "get", "get pods/log in the namespace"],
    ["clusterrolebindings", "delete", "delete clusterrolebindings.rbac.authorization.k8s.io in the cluster"],
    ["resourceslices", "list", "list resourceslices.resource.k8s.io in the cluster"],
  ] as const)("is told when the right to %s/%s is missing", async ([resource, verb, said]) => {
    const kubeconfig = await starter([resource, verb]);
    const argv = ["snapshot", "--agent", "-n", namespace, "--job-name", "lacking"];
    const outcome = await place.aicr(BINARY, argv, { kubeconfig });
    expect(outcome).toMatchObject({ exit: 4, stdout: "" });
    expect(outcome.stderr).toMatch(new RegExp(`because you may not: ${said}[^;]*\n`));
    expect(await objectsOf(stand, "lacking")).toEqual([]);
  });
});
