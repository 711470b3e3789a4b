import { textAt } from "@slipway/base";
import { expect, test } from "vitest";
import { inNimCluster } from "../testing/nim.ts";

const IMAGE = "--image-repository=nvcr.io/nim/meta/llama --tag=1.0.3 --pvc-storage-name=models";

test.each([
  ["create nimservice llama", "nim/llama"],
  ["create nimservices llama", "nim/llama"],
  ["create NIMService llama", "nim/llama"],
  ["create nimservice/llama", "nim/llama"],
  ["create nimservices.apps.nvidia.com/llama", "nim/llama"],
  ["-n lab create nimservice llama", "lab/llama"],
  ["create -n nimservices nimservice llama", "nimservices/llama"],
  ["create --namespace nimcaches nimservice/llama", "nimcaches/llama"],
  ["create nimservice llama -n nimcache", "nimcache/llama"],
])("%s makes %s", async (line, expected) => {
  await inNimCluster(
    async ({ cluster, run }) => {
      const [namespace = "", name = ""] = expected.split("/");
      expect(await run(`${line} ${IMAGE}`)).toEqual({
        exit: 0,
        out: `NIMService "${name}" created in namespace "${namespace}"\n`,
        err: "",
      });
      const made = cluster.objects("NIMService");
      expect(made.map((one) => `${textAt(one, "metadata", "namespace")}/${textAt(one, "metadata", "name")}`)).toEqual([
        expected,
      ]);
    },
    { namespaces: ["nim", "lab", "nimservice", "nimservices", "nimcache", "nimcaches"] },
  );
});
