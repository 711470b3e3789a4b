import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseYamlDocuments } from "@slipway/base";
import { gpuNode, node } from "@slipway/snapshot/testing";
import { expect, test } from "vitest";
import { AGENT_CLUSTER, QUICK, agentSnapshot, leftIn, playAgents, type AgentEnding } from "../testing/agents.ts";
import { configMap, inCluster, type ClusterPlace } from "../testing/in-cluster.ts";
import { inWorkplace } from "../testing/aicr.ts";

type Play = (node: string, job: Parameters<Parameters<typeof playAgents>[1]>[1]) => AgentEnding | undefined;

const clock = { now: () => new Date() };
const AGENT = { timer: QUICK, clock };
const WELL: Play = () => ({ snapshot: agentSnapshot("gpu-1"), log: "measuring\n\u001b[31mdone\n" });

/** A cluster with two GPU nodes and one without; agents end as told. */
function withAgents(
  play: Play,
  action: (place: ClusterPlace) => Promise<void>,
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  return inCluster(
    files,
    async (place) => {
      for (const name of ["gpu-1", "gpu-2"]) place.cluster.put(gpuNode(name));
      place.cluster.put(node("cpu-1"));
      playAgents(place.cluster, play);
      await action(place);
    },
    AGENT_CLUSTER,
  );
}

test("an agent's snapshot is the output, its log goes to standard error, and nothing stays", async () => {
  await withAgents(WELL, async ({ both, cluster }) => {
    expect(await both("snapshot --agent -n gpu", AGENT)).toEqual({
      exit: 0,
      out: agentSnapshot("gpu-1").replace('"580.105.08"', "580.105.08"),
      // What an agent writes cannot move the cursor or recolour the terminal.
      err: "measuring\n\\x1b[31mdone\n",
    });
    expect(leftIn(cluster)).toEqual([]);
  });
});

test("-o writes a file or a ConfigMap; the namespace is the context's unless told", async () => {
  const namespaces: unknown[] = [];
  const play: Play = (_node, { metadata }) => {
    namespaces.push(metadata);
    return { snapshot: agentSnapshot("gpu-1") };
  };
  await withAgents(play, async ({ both, cluster, cwd }) => {
    const file = await both("snapshot --deploy-agent -o s.json -t json", AGENT);
    expect(file).toEqual({ exit: 0, out: "", err: "[cli] snapshot written: file=s.json node=gpu-1 readings=3\n" });
    expect(JSON.parse(await readFile(join(cwd, "s.json"), "utf8"))).toMatchObject({ kind: "Snapshot" });
    const map = await both("snapshot --agent -n gpu -o cm://gpu/mine", AGENT);
    expect(map.err).toBe("[cli] snapshot written: file=cm://gpu/mine node=gpu-1 readings=3\n");
    expect(configMap(cluster, "mine")).toMatchObject({ data: { format: "yaml" } });
    expect(namespaces).toMatchObject(["default", "default", "gpu", "gpu"].map((namespace) => ({ namespace })));
  });
});

test("a flag of the agent means the agent, and what is set reaches its Job", async () => {
  const jobs: unknown[] = [];
  const play: Play = (_node, job) => {
    jobs.push(job);
    return { snapshot: agentSnapshot("gpu-1") };
  };
  await withAgents(play, async ({ run }) => {
    const flags = [
      "--image registry.test/aicr:2",
      "--job-name mine",
      "--image-pull-secret one --image-pull-secret two,three",
      "--toleration gpu=yes:NoSchedule --toleration spot",
      "--requests cpu=500m,memory=1Gi --limits memory=2Gi",
      "--privileged=false",
      "--filter gpu,os --max-nodes-per-entry 5",
    ];
    expect((await run(`snapshot -n gpu ${flags.join(" ")}`, AGENT)).exit).toBe(0);
    expect(jobs).toMatchObject([
      {
        metadata: { name: expect.stringMatching(/^mine-[0-9a-f]{8}$/) },
        spec: {
          template: {
            spec: {
              imagePullSecrets: [{ name: "one" }, { name: "two" }, { name: "three" }],
              nodeSelector: { "nvidia.com/gpu.present": "true" },
              tolerations: [
                { key: "gpu", operator: "Equal", value: "yes", effect: "NoSchedule" },
                { key: "spot", operator: "Exists" },
              ],
              containers: [
                {
                  image: "registry.test/aicr:2",
                  resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "2Gi" } },
                },
              ],
            },
          },
        },
      },
    ]);
    expect(JSON.stringify(jobs)).toContain('"--filter","gpu,os"');
    expect(JSON.stringify(jobs)).not.toContain('"privileged":true');
  });
});

test("what is set in the environment holds for the agent, and does not mean it", async () => {
  const jobs: unknown[] = [];
  const play: Play = (_node, job) => {
    jobs.push(job);
    return { snapshot: agentSnapshot("gpu-1") };
  };
  const env = { AICR_AGENT_IMAGE: "registry.test/aicr:3", AICR_REQUESTS: "cpu=2", AICR_LIMITS: "cpu=4" };
  await withAgents(play, async ({ run }) => {
    expect((await run("snapshot --filter topology", { ...AGENT, env })).exit).toBe(0);
    expect(jobs).toEqual([]);
    await run("snapshot --agent", { ...AGENT, env });
    const container = { image: "registry.test/aicr:3", resources: { requests: { cpu: "2" }, limits: { cpu: "4" } } };
    expect(jobs).toMatchObject([{ spec: { template: { spec: { containers: [container] } } } }]);
  });
});

test("--no-cleanup leaves all, and says how to remove it", async () => {
  await withAgents(WELL, async ({ run, cluster }) => {
    const { exit, err } = await run("snapshot --agent -n gpu --no-cleanup -o s.yaml", AGENT);
    expect([exit, err.replaceAll(/[0-9a-f]{8}/g, "RUN")]).toEqual([
      0,
      "measuring\n\\x1b[31mdone\n" +
        "[cli] the objects of the run RUN stay; remove them with:\n" +
        "    kubectl delete --ignore-not-found clusterroles.rbac.authorization.k8s.io/aicr-node-reader-RUN clusterrolebindings.rbac.authorization.k8s.io/aicr-node-reader-RUN\n" +
        "    kubectl delete --ignore-not-found --namespace gpu serviceaccounts/aicr-RUN roles.rbac.authorization.k8s.io/aicr-RUN rolebindings.rbac.authorization.k8s.io/aicr-RUN configmaps/aicr-snapshot-RUN jobs.batch/aicr-RUN\n" +
        "[cli] snapshot written: file=s.yaml node=gpu-1 readings=3\n",
    ]);
    expect(leftIn(cluster)).toHaveLength(8);
  });
});

test("a namespace that was made is told, because it stays", async () => {
  await withAgents(WELL, async ({ run, cluster }) => {
    const { exit, err } = await run("snapshot --agent -n new -o s.yaml", AGENT);
    expect([exit, err.split("\n")[0]]).toEqual([0, "[cli] making the namespace new, which stays"]);
    expect(leftIn(cluster)).toEqual([]);
  });
});

test("an agent that fails leaves the file that was there, and nothing in the cluster", async () => {
  await withAgents(
    () => ({ exitCode: 6, log: "no rights\n" }),
    async ({ both, cluster, cwd }) => {
      await writeFile(join(cwd, "s.yaml"), "before\n");
      expect(await both("snapshot --agent -n gpu -o s.yaml", AGENT)).toEqual({
        exit: 6,
        out: "",
        err: "no rights\nerror: the agent ended with exit status 6\n",
      });
      expect(await readFile(join(cwd, "s.yaml"), "utf8")).toBe("before\n");
      expect(leftIn(cluster)).toEqual([]);
    },
  );
});

test("--require-gpu: a node without one is the answer no", async () => {
  const none = "kind: Snapshot\nmetadata:\n  source-node: cpu-1\nmeasurements: []\n";
  await withAgents(
    () => ({ snapshot: none }),
    async ({ both }) => {
      expect(await both("snapshot --agent -n gpu --require-gpu", AGENT)).toEqual({
        exit: 1,
        out: "",
        err: "error: the node cpu-1 shows no GPU, and one is required\n  GPU nodes are gpu-1, gpu-2.\n",
      });
      const { exit, err } = await both("snapshot --agent -n gpu", AGENT);
      expect([exit, err]).toEqual([
        0,
        "[cli] warning: THE SNAPSHOT HAS NO GPU DATA: the node cpu-1 shows no GPU, but these nodes do: gpu-1, gpu-2; " +
          "choose one with --node-selector kubernetes.io/hostname=NAME\n",
      ]);
    },
  );
});

test("an agent that does not end in time, and Ctrl-C, leave nothing", async () => {
  await withAgents(
    () => undefined,
    async ({ run, cluster, cwd }) => {
      expect(await run("snapshot --agent -n gpu -o s.yaml --timeout 300ms", AGENT)).toEqual({
        exit: 5,
        out: "",
        err: "error: the agent was not done within 0.3 s\n  Give it more time with --timeout.\n",
      });
      for (const line of ["snapshot --agent -n gpu -o s.yaml", "snapshot --nodes all -n gpu -o fleet/"]) {
        const stop = new AbortController();
        const end = cluster.onCreate("Job", () => stop.abort());
        expect(await run(line, { ...AGENT, signal: stop.signal })).toEqual({
          exit: 130,
          out: "",
          err: "error: interrupted\n",
        });
        end();
      }
      expect([leftIn(cluster), await readdir(cwd)]).toEqual([[], []]);
    },
  );
});

test("all rights that are missing are named at once, before anything is made", async () => {
  await withAgents(WELL, async ({ both, cluster }) => {
    cluster.allow(({ verb, resource }) => verb !== "create" || !["jobs", "clusterroles"].includes(resource));
    const { exit, out, err } = await both("snapshot --agent -n gpu", AGENT);
    expect([exit, out, err.split("\n").slice(0, 2)]).toEqual([
      4,
      "",
      [
        "error: the agent cannot be started, because you may not: create jobs.batch in the namespace gpu; " +
          "create clusterroles.rbac.authorization.k8s.io in the cluster",
        "  An administrator grants all that is needed with aicr snapshot --print-rbac -n gpu | kubectl apply -f - and binds it to you with the commands in its comments. With --service-account-name less is needed.",
      ],
    ]);
    expect(leftIn(cluster)).toEqual([]);
  });
});

test("a cluster that does not answer", async () => {
  await withAgents(WELL, async ({ run, cluster }) => {
    await cluster.stop();
    expect(await run("snapshot --agent -n gpu", AGENT)).toEqual({
      exit: 6,
      out: "",
      err: "error: the server $SERVER refuses the connection\n  Is the cluster running, and is the port right?\n",
    });
  });
});

test("without a kubeconfig there is no cluster to run an agent in", async () => {
  await inWorkplace({}, async ({ both }) => {
    expect(await both("snapshot --agent")).toEqual({
      exit: 3,
      out: "",
      err:
        "error: there is no kubeconfig\n" +
        "  Name one with --kubeconfig or in KUBECONFIG, or run inside a pod that has a service account.\n",
    });
  });
});

test("--print-rbac prints objects for kubectl, and needs no cluster", async () => {
  await inWorkplace({}, async ({ both }) => {
    const { exit, out, err } = await both("snapshot --print-rbac -n gpu --service-account-name mine");
    expect([exit, err]).toEqual([0, ""]);
    expect(parseYamlDocuments(out)).toMatchObject([
      { kind: "ServiceAccount", metadata: { name: "mine", namespace: "gpu" } },
      { kind: "ClusterRole", metadata: { name: "mine-node-reader" } },
      { kind: "ClusterRoleBinding", metadata: { name: "mine-node-reader" } },
      { kind: "Role", metadata: { name: "mine", namespace: "gpu" } },
      { kind: "RoleBinding", metadata: { name: "mine", namespace: "gpu" } },
      { kind: "ClusterRole", metadata: { name: "aicr-snapshot-user" } },
      { kind: "Role", metadata: { name: "aicr-snapshot-user", namespace: "gpu" } },
    ]);
  });
});

test.each([
  ["--node-selector a", 2, 'error: --node-selector takes KEY=VALUE, not "a"\n'],
  ["--node-selector a=b", 3, "error: no node has the labels a=b\n  GPU nodes are gpu-1, gpu-2.\n"],
  [
    "--toleration a:No",
    2,
    'error: --toleration takes KEY[=VALUE][:EFFECT], not "a:No"\n' +
      "  Effects are NoSchedule, PreferNoSchedule, NoExecute.\n",
  ],
  [
    "--requests cpu=1x",
    2,
    'error: --requests cpu=1x: "1x" is no quantity\n  Quantities are numbers such as 2, 500m, 512Mi or 4Gi.\n',
  ],
  ["--limits cpu", 2, 'error: --limits takes KEY=VALUE, not "cpu"\n'],
  ["--image 'a b'", 2, 'error: "a b" is no image\n'],
  ["--job-name A_", 2, /^error: "A_" cannot be the name of the Job\n/],
  ["--agent --namespace A_", 2, /^error: "A_" cannot be the name of the namespace\n/],
  ["--runtime-class none", 3, /^error: there is no runtime class "none"\n/],
  ["--service-account-name none", 3, /^error: there is no service account "none" in the namespace gpu\n/],
  ["--require-gpu --runtime-class nvidia", 2, /^error: --require-gpu and --runtime-class exclude each other\n/],
  [
    "--nodes ''",
    2,
    'error: --nodes: "" names no nodes\n  Give all, a number, a label selector such as pool=gpu, or names of nodes.\n',
  ],
  ["--nodes 0", 2, /^error: --nodes: "0" names no nodes\n/],
  ["--nodes gpu-9", 3, 'error: there is no node gpu-9\n  Did you mean "gpu-1"?\n'],
  ["--nodes pool=none", 3, "error: no node matches pool=none\n  GPU nodes are gpu-1, gpu-2.\n"],
  ["--nodes none.txt", 3, "error: none.txt: no such file or directory\n"],
  ["--nodes empty.txt", 2, "error: empty.txt: names no nodes\n  One name a line is expected.\n"],
  ["--nodes all --workers 0", 2, "error: --workers: 0 workers measure nothing\n"],
  ["--nodes all --watch", 2, "error: --watch goes with one node, not with --nodes\n"],
  ["--nodes all --template t", 2, "error: --template writes one snapshot, and --nodes makes many\n"],
  ["--nodes all -o empty.txt/", 2, "error: empty.txt/: this is no directory\n"],
  ["--nodes all -o ../fleet/", 2, /^error: --output \.\.\/fleet\/ leads out of the current directory\n/],
])("snapshot %s", async (flags, exit, err) => {
  const files = { "empty.txt": "\n# nobody\n" };
  await withAgents(
    WELL,
    async ({ both, cluster, cwd }) => {
      const space = flags.includes("--namespace") ? "" : "-n gpu ";
      const seen = await both(`snapshot ${space}${flags}`, AGENT);
      expect([seen.exit, seen.out]).toEqual([exit, ""]);
      expect(seen.err).toMatch(err);
      expect([leftIn(cluster), cluster.objects("Job"), await readdir(cwd)]).toEqual([[], [], ["empty.txt"]]);
    },
    files,
  );
});
