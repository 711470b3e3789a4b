import { listAt, mapAt, parseYaml, textAt, type Tree } from "@slipway/base";
import { RESOURCES, type KubeClient } from "@slipway/kube";
import { clientOf } from "@slipway/kube/testing";
import { createGpuNodes, seedPods } from "@slipway/sim";
import { startFaultProxy, type FaultProxy } from "@slipway/sim/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eventually, started, testCluster, testPrograms, type TestCluster } from "../control-plane.ts";
import { BINARY, PROGRAMS, TEST_MS, folder, type Folder } from "./live.ts";

const PODS = 10_000;
const NODES = 1000;
const NAMESPACE = "load";

/** Nodes and pods that nobody plays: they are load of the server, and not of the machine. */
describe.skipIf((await testPrograms()) === undefined)("10,000 pods on 1,000 nodes", { timeout: TEST_MS }, () => {
  let cluster: TestCluster;
  let client: KubeClient & { close(): void };
  let proxy: FaultProxy;
  let place: Folder;

  beforeAll(async () => {
    [cluster] = await Promise.all([started(testCluster({ kwok: false })), BINARY()]);
    client = await clientOf({ kubeconfig: cluster.controlPlane.kubeconfig });
    const nodes = await createGpuNodes(client, { count: NODES, model: "h100" });
    await client.create(RESOURCES.namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
    await seedPods(client, cluster.controlPlane, { count: PODS, namespace: NAMESPACE, nodes });
  }, TEST_MS);

  afterAll(async () => {
    client.close();
    await cluster.controlPlane.stop();
  });

  beforeEach(async () => {
    [place, proxy] = [await folder({ cluster }), await startFaultProxy(cluster.controlPlane)];
  });

  afterEach(async () => {
    await Promise.all([place.close(), proxy.close()]);
  });

  function data(snapshot: Tree, type: string, subtype: string): Tree {
    const measurement = listAt(snapshot, "measurements").find((found) => textAt(found, "type") === type);
    const found = listAt(measurement, "subtypes").find((candidate) => textAt(candidate, "subtype") === subtype);
    return mapAt(found, "data");
  }

  // Right after it was filled, the server needs longer than it does by itself.
  const ARGV = ["snapshot", "--filter", "k8s,topology", "--timeout", "2m"];
  /** Images of the pods, by name. */
  let images: Tree;

  test.for(PROGRAMS)("are measured by %s", async ([, program]) => {
    const outcome = await place.aicr(program, ARGV);
    expect(outcome).toMatchObject({ exit: 0 });
    const snapshot = parseYaml(outcome.stdout);
    expect(data(snapshot, "NodeTopology", "summary")).toMatchObject({ "node-count": NODES });
    images = data(snapshot, "K8s", "image");
    expect(Object.keys(mapAt({ images }, "images")).length).toBe(9);
    // Node keeps what it has read for as long as there is room; the limit is that of what is released.
    expect(program === BINARY ? outcome.peakBytes : 0).toBeLessThanOrEqual(150 * 1024 * 1024);
  });

  test("are measured right when an answer is cut in the middle of a page", async () => {
    const running = place.aicr(BINARY, ARGV, { kubeconfig: proxy.kubeconfig });
    await eventually(async () => expect(proxy.requests.some((line) => line.includes("continue="))).toBe(true));
    proxy.cutNext(2, { afterBytes: 100_000 });
    const outcome = await running;
    expect(outcome).toMatchObject({ exit: 0 });
    expect(data(parseYaml(outcome.stdout), "K8s", "image")).toEqual(images);
  });

  test("are measured right, or it is said what is not, when the API server is restarted in the middle", async () => {
    const running = place.aicr(BINARY, ARGV, { kubeconfig: proxy.kubeconfig });
    await eventually(async () => expect(proxy.requests.some((line) => line.includes("continue="))).toBe(true));
    await cluster.controlPlane.restartApiServer({ abrupt: true });
    const { exit, stdout, stderr } = await running;
    const isTold = /(?:k8s was not measured|images of pods could not be read|was read from a cluster|no answer)/.test(
      stderr,
    );
    expect(stdout === "" ? [5, 6] : [0]).toContain(exit);
    expect(data(parseYaml(stdout), "K8s", "image")).toEqual(isTold ? {} : images);
  });
});
