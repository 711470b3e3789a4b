import { beforeAll, describe, expect, test } from "vitest";
import { eventually, testPrograms } from "../control-plane.ts";
import { cacheSpec, serviceSpec } from "./specs.ts";
import { TEST_MS, nimWorld, type Place } from "./world.ts";

const AGE = String.raw`\d+m?\d*s`;

describe.skipIf((await testPrograms()) === undefined)("kubectl nim, looking", { timeout: TEST_MS }, () => {
  let place: Place;

  beforeAll(async () => {
    place = await (await nimWorld("head")).place();
    await place.make("NIMCache", "llama", cacheSpec());
    await place.make("NIMService", "my-llm", serviceSpec({ storage: { nimCache: { name: "llama" } } }));
    await place.make("NIMService", "other", serviceSpec());
    await place.until("NIMService", "my-llm", "Ready");
    await place.until("NIMService", "other", "Ready");
  }, TEST_MS);

  async function printed(line: string): Promise<string> {
    const { exit, stdout, stderr } = await place.nim(line);
    expect({ line, exit, stderr }).toEqual({ line, exit: 0, stderr: "" });
    return stdout;
  }

  /** The lines, with one space where columns are apart. */
  function rows(text: string): readonly string[] {
    return text
      .trimEnd()
      .split("\n")
      .map((line) => line.trimEnd().replaceAll(/ {2,}/g, " | "));
  }

  const HEADER = "NAME | STATUS | AGE | ENDPOINT | REPLICAS | PROFILE | STORAGE";
  const MY_LLM = new RegExp(
    String.raw`^my-llm \| Ready \| ${AGE} \| 10\.[\d.]+:8000 \| 1/1 \| <none> \| nimcache/llama$`,
  );
  test("get lists the namespace of the context", async () => {
    expect(rows(await printed("get nimservice"))).toEqual([
      HEADER,
      expect.stringMatching(MY_LLM),
      expect.stringMatching(/^other /),
    ]);
    expect(rows(await printed("get nimcache"))).toEqual([
      "NAME | SOURCE | STATUS | PVC | AGE | PROFILES",
      expect.stringMatching(new RegExp(String.raw`^llama \| NGC \| Ready \| 50Gi \| ${AGE} \| 11$`)),
    ]);
  });

  test.each(["get nimservice my-llm", "list nimservices my-llm", "get nimservice/my-llm", "get NIMServices my-llm"])(
    "%s shows one",
    async (line) => {
      expect(rows(await printed(line))).toEqual([HEADER, expect.stringMatching(MY_LLM)]);
    },
  );

  test("-A shows all namespaces, each with its own", async () => {
    expect(rows(await printed("get nimservice -A"))).toEqual(
      expect.arrayContaining([
        `NAMESPACE | ${HEADER}`,
        expect.stringMatching(new RegExp(`^${place.namespace} \\| my-llm \\| Ready`)),
      ]),
    );
  });

  test.each([
    "-o yaml",
    "-o json",
    "-o name",
    "-o jsonpath='{.status.model.name}{\"\\n\"}'",
    "-o custom-columns=NAME:.metadata.name,STATE:.status.state",
  ])("get %s prints what kubectl prints", async (output) => {
    for (const what of ["nimservice my-llm", "nimservices", "nimcache llama"]) {
      const theirs = await place.shell(`kubectl get ${what} ${output}`);
      expect(await printed(`get ${what} ${output}`)).toBe(theirs.stdout);
    }
  });

  test.each(["-n NS", "--namespace=NS --kubeconfig=$KUBECONFIG", "--context=$(kubectl config current-context)"])(
    "the connection of kubectl: %s",
    async (flags) => {
      const given = flags.replace("NS", place.namespace);
      const names = "nimservice.apps.nvidia.com/my-llm\nnimservice.apps.nvidia.com/other\n";
      expect(await printed(`get nimservice -o name ${given}`)).toBe(names);
      expect(await printed(`${given} get nimservice -o name`)).toBe(names);
    },
  );

  test("another kubeconfig than the environment's", async () => {
    await place.shell('mv "$KUBECONFIG" elsewhere');
    try {
      const moved = await place.nim("--kubeconfig=elsewhere get nimcache -o name", { env: { KUBECONFIG: "/nowhere" } });
      expect(moved).toMatchObject({ exit: 0, stdout: "nimcache.apps.nvidia.com/llama\n", stderr: "" });
    } finally {
      await place.shell('mv elsewhere "$KUBECONFIG"');
    }
  });

  test("a namespace without any, and a name that is not there", async () => {
    expect(await place.nim("get nimservice -n default")).toMatchObject({
      exit: 0,
      stdout: "",
      stderr: "No resources found in default namespace.\n",
    });
    const gone = await place.nim("get nimservice my-lm");
    expect(gone).toMatchObject({ exit: 3, stdout: "" });
    expect(gone.stderr).toContain(`NIMService my-lm not found in namespace ${place.namespace}`);
    expect(gone.stderr).toContain("my-llm");
  });

  test("status says how all are, and everything of one", async () => {
    expect(rows(await printed("status nimservice"))[0]).toBe(
      "NAME | NAMESPACE | STATE | AVAILABLE REPLICAS | TYPE/STATUS | LAST TRANSITION TIME | MESSAGE | AGE",
    );
    const one = await printed("status nimservice/my-llm");
    expect(one).toContain('deployment "my-llm" successfully rolled out...');
    expect(one).toMatch(/^Pods:\n {2}NAME .*\n {2}my-llm-\S+ +Running +1\/1 +0 /m);
    expect(one).toMatch(/nimservice\/my-llm +NIMService my-llm: deployment "my-llm" successfully rolled out/);
    const cache = await printed("status nimcache llama");
    expect(cache).toMatch(/^Name: llama\nNamespace: \S+\nState: Ready\nPVC: llama-pvc\n/);
    expect(cache.match(/Model: meta\/llama3-8b-instruct, Release: 1\.0\.3/g)).toHaveLength(11);
    expect(cache).toMatch(/ {2}llama-pvc +Bound +50Gi +standard/);
  });

  test("status shows an object of which nothing is known yet, among the others", async () => {
    place.play("slow", "image-pull-error");
    await place.make("NIMCache", "slow", cacheSpec());
    await eventually(async () => {
      const lines = rows(await printed("status nimcache"));
      expect(lines.map((line) => line.split(" | ")[0])).toEqual(["NAME", "llama", "slow"]);
    });
    await place.kubectl("delete nimcache slow --wait=false");
  });

  test("profiles lists those of a cache, and which fit the GPUs of the cluster", async () => {
    const { exit, stdout } = await place.nim("profiles llama");
    const lines = rows(stdout);
    expect([exit, lines[0], lines.length]).toEqual([
      0,
      "PROFILE | ENGINE | PRECISION | TP | PP | GPU | LORA | QOS | CACHED | FITS",
      13,
    ]);
    expect(lines.filter((line) => line.endsWith("no: no A100 here"))).toHaveLength(2);
    expect(lines.filter((line) => line.includes("| H100 |")).every((line) => line.endsWith("| yes"))).toBe(true);
  });

  test("doctor finds everything that it needs, and warns of what only some need", async () => {
    const { exit, stdout } = await place.nim("doctor");
    const lines = rows(stdout);
    expect(exit).toBe(0);
    expect(lines).toContain("ok | NIM Operator | main, 1 of 1 pod ready in namespace nim-operator");
    expect(lines).toContain("ok | secret ngc-api-secret | has the key NGC_API_KEY");
    expect(lines.filter((line) => line.startsWith("failed"))).toEqual([]);
  });

  test("doctor fails without the secret", async () => {
    const { exit, stdout } = await place.nim("doctor -n default");
    expect(exit).toBe(1);
    expect(rows(stdout)).toContainEqual(expect.stringMatching(/^failed \| secret ngc-api-secret \| /));
  });
});
