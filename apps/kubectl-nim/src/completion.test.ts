import { expect, test } from "vitest";
import { inNimCluster } from "./testing/nim.ts";

// What the shell is told for a line, against a cluster with objects in two namespaces; the context's namespace is `nim`.

const OBJECTS = [
  ["NIMService", "nim", "llama"],
  ["NIMService", "nim", "mixtral"],
  ["NIMCache", "nim", "llama-cache"],
  ["NIMService", "lab", "phi"],
] as const;

test.each([
  ["version --output ", "text\njson\nyaml\n:4\n"],
  ["-n ", "default\nkube-node-lease\nkube-public\nkube-system\nlab\nnim\n:4\n"],
  ["--namespace=la", "--namespace=lab\n:4\n"],
  ["version --context ", "test\n:4\n"],
])("%j", async (line, answer) => {
  await inNimCluster(
    async ({ cluster, run }) => {
      for (const [kind, namespace, name] of OBJECTS)
        cluster.put({ apiVersion: "apps.nvidia.com/v1alpha1", kind, metadata: { namespace, name } });
      const { out } = await run(`__complete ${line.replaceAll(/ $/g, " ''")}`);
      expect(out).toBe(answer);
    },
    { namespaces: ["nim", "lab"] },
  );
});

test.each([
  ["get nimservice --tls-server-name=elsewhere ", ":4\n"],
  ["get nimservice --tls-server-name=elsewhere --insecure-skip-tls-verify ", "llama\n:4\n"],
])("a server whose certificate is for another name answers only those who do not mind: %j", async (line, answer) => {
  await inNimCluster(
    async ({ cluster, run }) => {
      const metadata = { namespace: "nim", name: "llama" };
      cluster.put({ apiVersion: "apps.nvidia.com/v1alpha1", kind: "NIMService", metadata });
      expect((await run(`__complete ${line}''`)).out).toBe(answer);
    },
    { tls: true },
  );
});
