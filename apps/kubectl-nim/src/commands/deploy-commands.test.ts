import { mapAt, textAt } from "@slipway/base";
import type { Cluster } from "@slipway/kube/testing";
import { expect, test } from "vitest";
import { inNimCluster } from "../testing/nim.ts";

/** What there is, without what only the server says. */
function stored(cluster: Cluster): readonly unknown[] {
  return ["Secret", "NIMCache", "NIMService"].flatMap((kind) =>
    cluster
      .objects(kind, "nim")
      .map((object) => [kind, textAt(object, "metadata", "name"), mapAt(object, "spec"), mapAt(object, "data")]),
  );
}

const HUB = "--endpoint=https://huggingface.co --alt-namespace=meta-llama --model-name=Llama-3.2-1B";

test.each([
  ["a model of NGC", "--no-cache --model-url=ngc://nvidia/nemo/llama:2.0 --storage-class=fast --gpu-limit=2"],
  ["a model of a hub", "--no-cache --model-url=hf://meta-llama/Llama-3.2-1B --storage-class= --pvc-size=1.5Ti"],
  ["a cache from NGC", "--source=ngc --model-url=ngc://a/b:1 --storage-class="],
  ["a cache from Hugging Face", `--source=huggingface ${HUB} --storage-class=fast`],
  [
    "a cache from a data store",
    `--source=nemoDataStore ${HUB.replace("huggingface.co", "store/v1/hf")} --storage-class= --image-repository=a.io/b --tag=2`,
  ],
  ["a cache that exists", "--nimcache=other --auth-secret=mine"],
])("the commands that deploy prints make the same: %s", (_name, flags) =>
  inNimCluster(async ({ cluster, run }) => {
    const env = { NGC_API_KEY: "nvapi-0123456789012345678901", HF_TOKEN: "hf_01234567890123" };
    const keys = "--ngc-key-env=NGC_API_KEY --hf-token-env=HF_TOKEN --yes";
    const { exit, out } = await run(`deploy llm ${flags} ${keys}`, { env });
    expect(exit).toBe(0);
    const made = stored(cluster);
    for (const kind of ["Secret", "NIMCache", "NIMService"])
      for (const object of cluster.objects(kind, "nim"))
        cluster.remove(kind, "nim", textAt(object, "metadata", "name"));
    expect(stored(cluster)).toEqual([]);
    const lines = out.split("\n").filter((line) => line.startsWith("kubectl nim "));
    for (const line of lines) {
      const again = await run(line.slice("kubectl nim ".length), { env });
      expect([line, again.exit]).toEqual([line, 0]);
    }
    expect(stored(cluster)).toEqual(made);
  }),
);
