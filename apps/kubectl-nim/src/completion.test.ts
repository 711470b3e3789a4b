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
