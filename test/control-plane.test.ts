import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { listAt, messageOf, parseJson, valueAt } from "@slipway/base";
import { RESOURCES, nameOf, type KubeObject } from "@slipway/kube";
import { connect } from "@slipway/kube/node";
import { gpuNodes, jobStage, logLine, podLogs, podPort, seedPods, waitingStage } from "@slipway/sim";
import { nodeFiles } from "@slipway/terminal";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { eventually, sharedControlPlane, started, testPrograms, type TestCluster } from "./control-plane.ts";

const programs = await testPrograms();

describe.skipIf(programs === undefined)("a control plane", { timeout: 120_000 }, () => {
  let cluster: TestCluster;

  // A start takes seconds, and many times that on a machine with other work.
  beforeAll(async () => {
    cluster = await started(sharedControlPlane());
    await create(
      gpuNodes({ count: 2, model: "h100", prefix: "control-plane-test", labels: { room: "control-plane" } }),
    );
  });

  async function create(objects: readonly KubeObject[]): Promise<void> {
    await cluster.kubectl(["create", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  }

  /** A pod of a namespace of its own that runs. */
  async function runningPod(): Promise<{ readonly namespace: string; readonly pod: string }> {
    const namespace = await cluster.namespace();
    await cluster.kubectl(["run", "web", `--namespace=${namespace}`, "--image=nginx:1.29", "--port=80"]);
    await cluster.kubectl(["wait", "pod/web", `--namespace=${namespace}`, "--for=condition=Ready", "--timeout=60s"]);
    return { namespace, pod: "web" };
  }

  test("says its version and that it is ready", async () => {
    expect(parseJson(await cluster.kubectl(["get", "--raw", "/version"]))).toMatchObject({
      major: "1",
      minor: "34",
      gitVersion: "v1.34.5",
    });
    expect(await cluster.kubectl(["get", "--raw", "/readyz"])).toBe("ok");
  });

  test("tells strangers of its health and nothing else", async () => {
    const { server, ca } = cluster.controlPlane;
    const status = async (path: string): Promise<number | undefined> => {
      const sent = request(new URL(path, server), { ca }).end();
      const [response] = await once(sent, "response");
      response.resume();
      return response.statusCode;
    };
    expect([await status("/readyz"), await status("/livez"), await status("/version"), await status("/api")]).toEqual([
      200, 200, 401, 401,
    ]);
  });

  test("makes nodes ready that look like machines with GPUs", async () => {
    await cluster.kubectl(["wait", "node", "-l", "room=control-plane", "--for=condition=Ready", "--timeout=60s"]);
    const node = parseJson(await cluster.kubectl(["get", "node", "control-plane-test-0", "-o", "json"]));
    expect(node).toMatchObject({
      metadata: {
        labels: {
          "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3",
          "nvidia.com/gpu.count": "8",
          "feature.node.kubernetes.io/pci-10de.present": "true",
        },
      },
      spec: { providerID: expect.stringMatching(/^aws:\/\/\/us-east-1a\/i-[0-9a-f]{17}$/) },
      status: {
        allocatable: { "nvidia.com/gpu": "8" },
        nodeInfo: { osImage: "Ubuntu 24.04.2 LTS", kubeletVersion: "v1.34.5", architecture: "amd64" },
      },
    });
  });

  test("brings a Deployment up", async () => {
    const namespace = await cluster.namespace();
    const scope = `--namespace=${namespace}`;
    await cluster.kubectl(["create", "deployment", "web", "--image=nginx:1.29", "--replicas=3", scope]);
    expect(await cluster.kubectl(["rollout", "status", "deployment/web", scope, "--timeout=60s"])).toContain(
      'deployment "web" successfully rolled out',
    );
    const pods = parseJson(await cluster.kubectl(["get", "pods", scope, "-o", "json"]));
    expect(listAt(pods, "items").map((pod) => valueAt(pod, "status", "phase"))).toEqual([
      "Running",
      "Running",
      "Running",
    ]);
  });

  test("completes a Job", async () => {
    const scope = `--namespace=${await cluster.namespace()}`;
    await cluster.kubectl(["create", "job", "work", "--image=busybox:1.37", scope]);
    const wait = ["wait", "job/work", "--for=condition=Complete", scope, "--timeout=60s"];
    expect(await cluster.kubectl(wait)).toBe("job.batch/work condition met\n");
  });

  test("takes pods by the hundred past its API server, as it would have stored them", async () => {
    const namespace = await cluster.namespace();
    const scope = `--namespace=${namespace}`;
    const { kubeconfig } = cluster.controlPlane;
    const api = await connect({ kubeconfig, env: {}, files: nodeFiles({ cwd: "/" }), userAgent: "test/1" });
    onTestFinished(() => api.close());
    const nodes = ["control-plane-test-0", "control-plane-test-1"];
    const names = await seedPods(api, cluster.controlPlane, { count: 250, namespace, nodes });
    const { items } = await api.list(RESOURCES.pods, { namespace, limit: 500 });
    expect(items.map(nameOf).sort()).toEqual([...names].sort());
    expect(new Set(items.map(({ metadata }) => metadata.uid)).size).toBe(250);
    const sizes = items.map((item) => JSON.stringify(item).length);
    expect(Math.min(...sizes)).toBeGreaterThan(4000);
    expect(Math.max(...sizes)).toBeLessThan(7000);
    expect(items.find((item) => nameOf(item) === "load-3")).toMatchObject({
      spec: { nodeName: "control-plane-test-1", serviceAccountName: "default", restartPolicy: "Always" },
      status: { phase: "Running", podIP: expect.stringMatching(/^10\.244\./) },
    });
    expect(await cluster.kubectl(["delete", "pod", "load-3", scope])).toContain('pod "load-3" deleted');
  });

  test("lets a Job fail as a Stage says", async () => {
    const namespace = await cluster.namespace();
    await create([jobStage({ namespace, runsMs: 300, exitCode: 3 })]);
    const job = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "work", namespace },
      spec: {
        backoffLimit: 0,
        template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "busybox:1.37" }] } },
      },
    };
    await create([job]);
    await cluster.kubectl(["wait", "job/work", "--for=condition=Failed", `--namespace=${namespace}`, "--timeout=60s"]);
    const pods = parseJson(await cluster.kubectl(["get", "pods", `--namespace=${namespace}`, "-o", "json"]));
    expect(valueAt(listAt(pods, "items")[0] ?? null, "status", "containerStatuses")).toMatchObject([
      { name: "main", state: { terminated: { exitCode: 3, reason: "Error" } } },
    ]);
  });

  test("keeps pods waiting as a Stage says", async () => {
    const namespace = await cluster.namespace();
    await create([waitingStage({ namespace, reason: "ImagePullBackOff", message: 'Back-off pulling image "x"' })]);
    const scope = `--namespace=${namespace}`;
    await cluster.kubectl(["run", "web", scope, "--image=x"]);
    const reason = "{.status.containerStatuses[0].state.waiting.reason}";
    await cluster.kubectl(["wait", "pod/web", scope, `--for=jsonpath=${reason}=ImagePullBackOff`, "--timeout=60s"]);
    await sleep(300);
    const pod = parseJson(await cluster.kubectl(["get", "pod", "web", scope, "-o", "json"]));
    expect(valueAt(pod, "status", "phase")).toBe("Pending");
  });

  test("knows the service account of a token, and gives it the rights that it was given", async () => {
    const namespace = await cluster.namespace();
    const scope = `--namespace=${namespace}`;
    await cluster.kubectl(["create", "serviceaccount", "agent", scope]);
    const token = (await cluster.kubectl(["create", "token", "agent", scope])).trim();
    const kubeconfig = await cluster.controlPlane.kubeconfigFor({ token });
    const list = ["--kubeconfig", kubeconfig, "get", "pods", scope];
    expect(messageOf(await cluster.kubectl(list).catch((error: unknown) => error))).toContain(
      `pods is forbidden: User "system:serviceaccount:${namespace}:agent" cannot list resource "pods"`,
    );
    await cluster.kubectl(["create", "role", "reader", "--verb=list", "--resource=pods", scope]);
    await cluster.kubectl([
      "create",
      "rolebinding",
      "reader",
      "--role=reader",
      `--serviceaccount=${namespace}:agent`,
      scope,
    ]);
    expect(await eventually(async () => await cluster.kubectl(list))).toBe("");
    expect(
      messageOf(await cluster.kubectl(["--kubeconfig", kubeconfig, "get", "secrets", scope]).catch(String)),
    ).toContain("forbidden");
  });

  test("knows users by their certificates", async () => {
    const kubeconfig = await cluster.controlPlane.kubeconfigFor({ user: "jane", groups: ["readers", "writers"] });
    const review = await cluster.kubectl(["--kubeconfig", kubeconfig, "auth", "whoami", "-o", "json"]);
    expect(valueAt(parseJson(review), "status", "userInfo")).toMatchObject({
      username: "jane",
      groups: ["readers", "writers", "system:authenticated"],
    });
  });

  test("refuses a privileged pod in a namespace with restricted pod security", async () => {
    const namespace = await cluster.namespace({ "pod-security.kubernetes.io/enforce": "restricted" });
    const pod: KubeObject = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "root", namespace },
      spec: { containers: [{ name: "main", image: "busybox:1.37", securityContext: { privileged: true } }] },
    };
    const refusal = messageOf(await create([pod]).catch((error: unknown) => error));
    expect(refusal).toContain('violates PodSecurity "restricted:latest": privileged');
  });

  test("refuses unknown fields under strict validation", async () => {
    const namespace = await cluster.namespace();
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x", namespace }, dta: {} };
    const refusal = messageOf(await create([object]).catch((error: unknown) => error));
    expect(refusal).toContain('unknown field "dta"');
  });

  test("shows and follows the log of a pod", async () => {
    const { namespace, pod } = await runningPod();
    const scope = `--namespace=${namespace}`;
    expect(await cluster.kubectl(["logs", pod, scope])).toBe("This pod runs nowhere: kwok plays its kubelet.\n");
    const file = join(cluster.controlPlane.directory, `${namespace}.log`);
    await writeFile(file, logLine("first line") + logLine("second line"));
    await create([podLogs({ namespace, pod, file })]);
    await eventually(async () => expect(await cluster.kubectl(["logs", pod, scope])).toBe("first line\nsecond line\n"));
    expect(await cluster.kubectl(["logs", pod, scope, "--tail=1"])).toBe("second line\n");
    const stop = new AbortController();
    const follow = spawn(
      cluster.kubectlPath,
      [`--kubeconfig=${cluster.controlPlane.kubeconfig}`, "logs", "-f", pod, scope],
      {
        signal: stop.signal,
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    follow.on("error", () => {});
    onTestFinished(() => stop.abort());
    const lines = createInterface({ input: follow.stdout })[Symbol.asyncIterator]();
    expect([await lines.next(), await lines.next()].map(({ value }) => value)).toEqual(["first line", "second line"]);
    await appendFile(file, logLine("third line"));
    expect((await lines.next()).value).toBe("third line");
  });

  test("runs a command for exec, with input, output and exit status", async () => {
    const { namespace, pod } = await runningPod();
    const exec = ["exec", "-i", pod, `--namespace=${namespace}`, "--", "sh", "-c"];
    expect(await cluster.kubectl([...exec, "tr a-z A-Z"], "hello")).toBe("HELLO");
    expect(await cluster.kubectl([...exec, "exit 7"]).catch((error: unknown) => error)).toMatchObject({
      code: 7,
      stderr: "command terminated with exit code 7\n",
    });
    const missing = ["exec", pod, `--namespace=${namespace}`, "--", "no-such-command"];
    expect(await cluster.kubectl(missing).catch((error: unknown) => error)).toMatchObject({ code: 127 });
  });

  test("forwards a port", async () => {
    const { namespace, pod } = await runningPod();
    const server = createServer((_, response) => response.end("from behind the port")).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await create([podPort({ namespace, pod, port })]);
    const kubeconfig = `--kubeconfig=${cluster.controlPlane.kubeconfig}`;
    const args = [kubeconfig, "port-forward", pod, ":80", `--namespace=${namespace}`];
    const forward = spawn(cluster.kubectlPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void forward.kill());
    const [line] = await once(createInterface({ input: forward.stdout }), "line");
    const local = /127\.0\.0\.1:(\d+) -> 80/.exec(String(line))?.[1];
    const text = await eventually(async () => await (await fetch(`http://127.0.0.1:${local}/`)).text());
    expect(text).toBe("from behind the port");
  });
});
