import { describe, expect, test } from "vitest";
import { GENERATIONS } from "@slipway/sim";
import { testPrograms } from "../control-plane.ts";
import { TEST_MS, nimWorld } from "./world.ts";

// What `kubectl nim deploy` makes is taken by every release of the operator, in strict mode, and comes up.

const HUB = "meta-llama\nLlama-3.2-1B\n";

const PATHS = [
  ["a model of NGC", "no\nngc://nvidia/nemo/llama:2.0\nnfs-storage\n", ["NIMService"]],
  ["a model of a hub", "no\nhf://meta-llama/Llama-3.2-1B\n\n", ["NIMService"]],
  ["a cache from NGC", "yes\nngc\nngc://nvidia/nemo/llama:2.0\n\n", ["NIMCache", "NIMService"]],
  ["a cache from Hugging Face", `yes\nhuggingface\nhttps://huggingface.co\n${HUB}\n`, ["NIMCache", "NIMService"]],
  ["a cache from a data store", `yes\nnemodatastore\nhttp://store/v1/hf\n${HUB}\n`, ["NIMCache", "NIMService"]],
] as const;

describe.skipIf((await testPrograms()) === undefined).each(GENERATIONS)(
  "kubectl nim deploy on %s",
  { timeout: TEST_MS },
  (generation) => {
    test.each(PATHS)("%s", async (_name, stdin, kinds) => {
      const place = await (await nimWorld(generation)).place();
      const { exit, stdout, stderr } = await place.nim("deploy llm --wait", { stdin });
      expect([exit, stderr]).toEqual([0, expect.stringMatching(/NIMService "llm" is ready at \S+\n$/)]);
      const [created = "", commands = ""] = stdout.split("# The same without questions:\n");
      expect(
        created
          .split("\n")
          .slice(0, -1)
          .map((line) => line.split(" ")[0]),
      ).toEqual(kinds);
      await place.kubectl("delete nimservices,nimcaches --all");
      // The commands are taken by this release too.
      const again = await place.shell(commands.trim().replaceAll("\n", " && "));
      expect([again.exit, again.stdout]).toEqual([0, created]);
    });
  },
);
