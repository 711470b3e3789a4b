import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { makeSecret } from "./advice.ts";

const PLACE = { kind: "NIMService", namespace: "nim", name: "llama" } as const;

test("a key that no program knows is put into its secret from a variable", () => {
  expect(makeSecret(PLACE, "proxy-login", "user", true)).toEqual({
    text: "Put the key user into the secret.",
    command: `kubectl patch secret proxy-login -p '{"stringData":{"user":"'"$VALUE"'"}}' -n nim`,
  });
});

test("a shell hands kubectl the words that are meant, whatever secrets and keys are called", () => {
  const text = fc.oneof(fc.constantFrom("$(id)", "`id`", "a'b", 'a"b', "a\\b", "$VALUE", "__proto__"), fc.string());
  const sayable = text.filter((name) => name !== "" && !name.includes("\0"));
  fc.assert(
    fc.property(sayable, sayable, (secret, key) => {
      const { command = "" } = makeSecret(PLACE, secret, key, true);
      const words = execFileSync("sh", ["-c", `kubectl() { printf '%s\\0' "$@"; }; ${command}`], {
        env: { VALUE: "s3cr3t $(id)" },
      });
      expect(words.toString().split("\0")).toEqual([
        "patch",
        "secret",
        secret,
        "-p",
        `{"stringData":{${JSON.stringify(key)}:"s3cr3t $(id)"}}`,
        "-n",
        "nim",
        "",
      ]);
    }),
    {
      numRuns: 30,
      examples: [
        ["$(id)", "$(id)"],
        ["a'b", "$VALUE"],
      ],
    },
  );
});
