import { GENERATIONS } from "@slipway/sim";
import { beforeAll, describe, expect, test } from "vitest";
import { eventually, testPrograms } from "../control-plane.ts";
import { TEST_MS, nimWorld, type Place } from "./world.ts";

const IMAGE = "nvcr.io/nim/meta/llama3-8b-instruct";

describe.skipIf((await testPrograms()) === undefined).each(GENERATIONS)(
  "from a model to its end, with the NIM Operator of release %s",
  { timeout: TEST_MS },
  (generation) => {
    let place: Place;

    beforeAll(async () => {
      place = await (await nimWorld(generation)).place({ isCompiled: generation === "head" });
    }, TEST_MS);

    async function nim(line: string, stdin?: string): Promise<readonly [exit: number | string, stdout: string]> {
      const { exit, stdout } = await place.nim(line, stdin === undefined ? {} : { stdin });
      return [exit, stdout.replaceAll(place.namespace, "NS")];
    }

    test("a cache is made and waited for, a service that uses it too; both are seen, scaled and deleted", async () => {
      const claim = "--pvc-create=true --pvc-size=50Gi";
      expect(
        await nim(`create nimcache llama --nim-source=ngc --model-puller=${IMAGE}:1.0.3 ${claim} --wait --timeout=60s`),
      ).toEqual([0, 'NIMCache "llama" created in namespace "NS"\n']);
      const flags = `--image-repository=${IMAGE} --tag=1.0.3 --nimcache-storage-name=llama`;
      expect(await nim(`create nimservice my-llm ${flags} --wait --timeout=60s`)).toEqual([
        0,
        'NIMService "my-llm" created in namespace "NS"\n',
      ]);
      expect(await nim("get nimservice my-llm -o jsonpath={.status.state},{.status.model.name}")).toEqual([
        0,
        "Ready,meta/llama3-8b-instruct",
      ]);
      expect((await nim("status nimservice my-llm"))[1]).toContain("Ready/True");
      expect((await nim("status nimcache llama"))[1]).toContain("Job completed");
      expect((await nim("explain my-llm"))[1]).toContain("The service is ready.");
      expect(await nim("scale my-llm --replicas=2")).toEqual([
        0,
        'NIMService "my-llm" scaled to 2 replicas in namespace "NS"\n',
      ]);
      await eventually(async () => {
        const [, row] = await nim("get nimservice my-llm --no-headers");
        expect(row.split(/ {3,}/)[4]).toBe("2/2");
      });
      expect(await nim("delete nimservice my-llm --wait")).toEqual([
        0,
        'NIMService "my-llm" deleted in namespace "NS"\n',
      ]);
      expect(await nim("delete nimcache/llama")).toEqual([0, 'NIMCache "llama" deleted in namespace "NS"\n']);
      expect((await nim("get nimservice my-llm"))[0]).toBe(3);
    });

    test("deploy in a pipe: a cache, then the service that waits for it", async () => {
      const [exit, stdout] = await nim("deploy wizard", "yes\nngc\nngc://nvidia/nemo/llama:1.0\n\n");
      expect([exit, stdout.split("\n").filter((line) => line.includes(" created in "))]).toEqual([
        0,
        ['NIMCache "wizard-cache" created in namespace "NS"', 'NIMService "wizard" created in namespace "NS"'],
      ]);
      await place.until("NIMService", "wizard", "Ready");
      expect(await place.spec("NIMService", "wizard")).toMatchObject({
        image: { repository: "nvcr.io/nim/nvidia/llm-nim", tag: "1.12" },
        storage: { nimCache: { name: "wizard-cache" } },
      });
      expect(await place.spec("NIMCache", "wizard-cache")).toMatchObject({
        source: { ngc: { modelEndpoint: "ngc://nvidia/nemo/llama:1.0" } },
        storage: { pvc: { create: true, size: "20Gi", volumeAccessMode: "ReadWriteOnce" } },
      });
    });

    test("deploy without a cache", async () => {
      expect((await nim("deploy plain", "no\nhf://meta-llama/Llama-3.2-1B-Instruct\n\n"))[0]).toBe(0);
      await place.until("NIMService", "plain", "Ready");
      expect(await place.spec("NIMService", "plain")).toMatchObject({
        storage: { pvc: { create: true, size: "20Gi", volumeAccessMode: "ReadWriteOnce" } },
      });
    });

    test("a secret for each registry, from standard input", async () => {
      await place.kubectl("delete secret ngc-secret ngc-api-secret hf-api-secret");
      const [ngc] = await nim("secret ngc --from-stdin", "nvapi-0123456789\n");
      const [hf] = await nim("secret hf --from-stdin", "hf_0123456789\n");
      expect([ngc, hf]).toEqual([0, 0]);
      const path = "'jsonpath={range .items[*]}{.metadata.name}={.type};{end}'";
      const { stdout: secrets } = await place.shell(`kubectl get secrets -o ${path}`);
      expect(secrets.split(";").filter((text) => text !== "")).toEqual([
        "hf-api-secret=Opaque",
        "ngc-api-secret=Opaque",
        "ngc-secret=kubernetes.io/dockerconfigjson",
      ]);
    });
  },
);
