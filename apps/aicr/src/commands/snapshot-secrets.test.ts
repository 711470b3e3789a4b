import { gpuNode, helmSecret } from "@slipway/snapshot/testing";
import { expect, test } from "vitest";
import { inCluster } from "../testing/in-cluster.ts";
import { NODE_ROOT, nodePrograms } from "../testing/node-tree.ts";

const exec = nodePrograms();

test("secrets of the machine and of the cluster never come out", async () => {
  const secret = "hunter2-SECRET-9f8e7d6c5b4a";
  const files = {
    ...NODE_ROOT,
    "root/proc/cmdline": `ro registry.password=${secret} token=${secret}\n`,
    "root/etc/os-release": `ID=ubuntu\nHOME_URL="https://user:${secret}@example.com/"\n`,
  };
  await inCluster(files, async ({ both, cluster }) => {
    const gpu = gpuNode("gpu-1");
    const labels = { ...gpu.metadata.labels, "example.com/api-key": secret };
    cluster.put({ ...gpu, metadata: { ...gpu.metadata, labels } });
    const chart = { name: "app", version: "1.0.0" };
    const config = { adminPassword: secret };
    cluster.put(helmSecret({ namespace: "gpu", name: "app", revision: 1, status: "deployed", chart, config }));
    cluster.put({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "app", namespace: "gpu" },
      spec: {
        containers: [
          {
            name: "app",
            image: "registry.test/app:1",
            args: [`--token=${secret}`],
            env: [{ name: "A", value: secret }],
          },
        ],
      },
    });
    for (const format of ["yaml", "json", "table"]) {
      const { exit, out, err } = await both(`snapshot --host-root root -t ${format}`, { exec });
      expect(out.split("\n").filter((line) => line.includes(secret))).toEqual([]);
      expect([exit, err.includes(secret)]).toEqual([0, false]);
      expect(err).toContain("[cli] warning: secrets were taken out: readings=");
    }
  });
});
