import { GENERATIONS } from "@slipway/sim";
import { beforeAll, describe, expect, test } from "vitest";
import { testPrograms } from "../control-plane.ts";
import { origins } from "./definitions.ts";
import { TEST_MS, nimWorld, type Place } from "./world.ts";

/** The seed's own examples: the flags behind the name, which is another one where two are called the same. */
const SERVICES: Readonly<Record<string, string>> = {
  "my-llm": "--image-repository=nvcr.io/nim/meta/llama3-8b-instruct --tag=1.0.3 --pvc-storage-name=model-storage",
  "my-llm-2":
    "--image-repository=nvcr.io/nim/meta/llama-3.1-8b-instruct --tag=1.3.3 --pvc-create=true --pvc-size=50Gi " +
    "--pvc-volume-access-mode=ReadWriteOnce --pvc-storage-class=nfs-storage",
  "my-llm-3":
    "--image-repository=nvcr.io/nim/meta/llama-3.1-8b-instruct --tag=1.3.3 --nimcache-storage-name=llama-cache " +
    "--nimcache-storage-profile=tensorrt_llm-h100-fp8-tp2",
  "production-llm":
    "--image-repository=nvcr.io/nim/meta/llama-3.1-70b-instruct --tag=1.3.3 --pvc-storage-name=prod-storage --replicas=2 " +
    "--gpu-limit=4 --scale-min-replicas=2 --scale-max-replicas=10 --service-type=LoadBalancer --service-port=8080 " +
    "--auth-secret=ngc-api-secret --pull-secrets=ngc-secret",
  "kserve-llm":
    "--image-repository=nvcr.io/nim/meta/mixtral-8x7b-instruct --tag=1.0.0 --nimcache-storage-name=mixtral-cache " +
    "--inference-platform=kserve --gpu-limit=8 --service-type=ClusterIP --pull-policy=IfNotPresent",
  "dev-llm":
    "--image-repository=nvcr.io/nim/meta/llama-3.2-1b-instruct --tag=latest --pvc-create=true --pvc-size=20Gi " +
    "--pvc-volume-access-mode=ReadWriteMany --service-type=NodePort --replicas=1 --gpu-limit=1",
  "autoscale-llm":
    "--image-repository=nvcr.io/nim/meta/llama3-8b-instruct --tag=1.0.0 --scale-min-replicas=2 --scale-max-replicas=10 " +
    "--pvc-storage-name=model-storage",
  "kserve-llm-2":
    "--image-repository=nvcr.io/nim/meta/llama3-8b-instruct --tag=1.0.0 --inference-platform=kserve " +
    "--pvc-storage-name=model-storage",
};

const CACHES: Readonly<Record<string, string>> = {
  "llama-cache":
    "--nim-source=ngc --ngc-model-endpoint=nim://meta/llama3-8b-instruct:1.0.0 --model-puller=nvcr.io/nim/nvidia/llm-nim:1.12 " +
    "--pvc-create=true --pvc-size=100Gi --pvc-volume-access-mode=ReadWriteMany",
  "hf-cache":
    "--nim-source=huggingface --alt-endpoint=https://huggingface.co --alt-namespace=meta-llama --model-name=Llama-2-7b-chat-hf " +
    "--model-puller=nvcr.io/nim/nvidia/llm-nim:1.12 --alt-secret=hf-api-secret --pvc-storage-name=existing-pvc",
  "optimized-cache":
    "--nim-source=ngc --model-puller=nvcr.io/nim/meta/llama3-8b-instruct --gpus=h100,a100 --pvc-create=true --pvc-size=200Gi",
  "resource-cache":
    "--nim-source=ngc --model-puller=nvcr.io/nim/meta/llama3-8b-instruct --resources-cpu=8000m --resources-memory=32Gi " +
    "--tensor-parallelism=4 --pvc-create=true --pvc-size=500Gi",
};

/** What has no example: every other flag at once. */
const ALL =
  "--image-repository=nvcr.io/nim/meta/llama3-8b-instruct --tag=1.0.0 --host-path=/models --gpu-limit=auto --cpu=8 --memory=32Gi " +
  "--env=A=b --env-secret=B=secret/key --node-selector=gpu=h100 --toleration=nvidia.com/gpu:NoSchedule --runtime-class=nvidia " +
  "--user-id=1000 --group-id=2000 --labels=app=llm --annotations=note=x";

const found = await origins();

describe.skipIf((await testPrograms()) === undefined).each(found)(
  "with definitions that are %s",
  { timeout: TEST_MS },
  (origin) => {
    describe.each(GENERATIONS)("of release %s", (generation) => {
      let place: Place;

      beforeAll(async () => {
        place = await (await nimWorld(generation, origin)).place();
      }, TEST_MS);

      test("each example of the seed is created, and nothing unknown is in it", async () => {
        const lines = [
          ...Object.entries(SERVICES).map(([name, flags]) => `kubectl nim create nimservice ${name} ${flags}`),
          ...Object.entries(CACHES).map(([name, flags]) => `kubectl nim create nimcache ${name} ${flags}`),
          `kubectl nim create nimservice all ${ALL}`,
        ];
        const { exit, stdout, stderr } = await place.shell(lines.join(" &&\n"));
        const made = (kind: string, names: readonly string[]): string =>
          names.map((name) => `${kind} "${name}" created in namespace "${place.namespace}"\n`).join("");
        expect({ exit, stdout }).toEqual({
          exit: 0,
          stdout:
            made("NIMService", Object.keys(SERVICES)) +
            made("NIMCache", Object.keys(CACHES)) +
            made("NIMService", ["all"]),
        });
        expect(stderr).not.toContain("unknown field");
      });

      test("what only some releases take is refused by name on the others", async () => {
        const start = "create nimservice x --image-repository=a/b --tag=1";
        const said = async (flags: string): Promise<unknown> => {
          const { exit, stdout, stderr } = await place.nim(`${start} ${flags} --dry-run=server -o name`);
          return { exit, stdout, stderr };
        };
        const none = await said("--pvc-storage-name=models --replicas=0");
        const empty = await said("--emptydir=50Gi");
        const secretless = await said("--pvc-storage-name=models --auth-secret=");
        const done = { exit: 0, stdout: "nimservice.apps.nvidia.com/x\n", stderr: "" };
        const refused = (message: string, hint: string): typeof done => ({
          exit: 2,
          stdout: "",
          stderr: `error: ${message}\n  ${hint}\n`,
        });
        const noPods = refused(
          "--replicas takes 1 or more on this cluster: its NIM Operator knows no service without pods",
          "From NIM Operator 3.1.0 on it is allowed.",
        );
        const noEmpty = refused(
          "--emptydir is not known to the NIM Operator of this cluster",
          "Use --pvc-create=true with --pvc-size.",
        );
        expect(none).toEqual(generation === "3.0" ? noPods : done);
        expect(empty).toEqual(generation === "3.0" ? noEmpty : done);
        const warning = "warning: --auth-secret is sent empty: operators that need one do not start the service\n";
        expect(secretless).toEqual(generation === "head" ? done : { ...done, stderr: warning });
      });

      test("a cache is waited for until it is ready", async () => {
        const { exit, stdout, stderr } = await place.nim(
          "create nimcache waits --nim-source=ngc --model-puller=nvcr.io/nim/nvidia/llm-nim:1.12 --pvc-create=true --pvc-size=1Gi --wait --timeout=2m",
        );
        expect({ exit, stdout }).toEqual({
          exit: 0,
          stdout: `NIMCache "waits" created in namespace "${place.namespace}"\n`,
        });
        expect(stderr.split("\n").slice(-3)).toEqual([
          "NIMCache waits: Ready; The Job to cache NIM has successfully completed",
          'NIMCache "waits" is ready',
          "",
        ]);
      });

      test("a service goes from replicas to autoscaling and back", async () => {
        await place.nim("create nimservice up --image-repository=a/b --tag=1 --pvc-storage-name=models --cpu=1");
        const spec = async (): Promise<string> =>
          (await place.kubectl("get nimservice up -o jsonpath={.spec.replicas}/{.spec.scale.enabled}")).trim();
        const said = async (line: string): Promise<string> => {
          const { stdout, stderr } = await place.nim(`scale ${line}`);
          return stdout + stderr;
        };
        const told = (what: string): string => `NIMService "up" scaled ${what} in namespace "${place.namespace}"\n`;
        expect(await said("up --replicas=3")).toBe(told("to 3 replicas"));
        expect(await spec()).toBe("3/");
        expect(await said("nimservice/up --min=2 --max=5")).toBe(told("from 2 to 5 replicas"));
        expect(await spec()).toBe(generation === "3.0" ? "1/true" : "/true");
        expect(await said("nimservice up --off")).toMatch(/scaled to \d replicas?/);
        expect(await spec()).toMatch(/^\d\/false$/);
        expect(await said("up --replicas=0")).toBe(
          generation === "3.0"
            ? "error: --replicas takes 1 or more on this cluster: its NIM Operator knows no service without pods\n" +
                "  From NIM Operator 3.1.0 on it is allowed.\n"
            : told("to 0 replicas"),
        );
      });
    });
  },
);
