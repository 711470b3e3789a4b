import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { nodeExec } from "@slipway/terminal/exec";
import { expect, test } from "vitest";
import { validationWorkplace as workplace } from "../testing/validation.ts";

const POLICY = `kind: ValidationPolicy
metadata: {name: house}
spec:
  rules:
    - name: newest-operator
      forEach: components
      match: component.name == "gpu-operator"
      expression: component.version == "v25.10.2"
      message: the operator must be v25.10.2
      remediation: Make the recipe again.
    - name: version-known
      expression: snapshot.K8s.server.version.startsWith("v1.33")
`;

test("policies alone need no recipe; with one they see it, and fail the validation", async () => {
  await workplace(
    async ({ run }) => {
      const alone = await run("validate --policy p.yaml good.json -t table");
      expect([alone.exit, alone.err]).toEqual([0, "[cli] warning: nothing was tested: 1 skipped\n"]);
    },
    { "p.yaml": POLICY.replace(/ {4}- name: version-known[^]*$/, "") },
  );
  await workplace(
    async ({ run }) => {
      const line = "validate --policy p.yaml -r r.yaml -s good.json --no-cluster --data data --phase readiness";
      const { exit, out, err } = await run(`${line} -t table`);
      expect([exit, err.split("\n").slice(1)]).toEqual([
        1,
        [
          "error: validation failed: 2 passed, 1 failed, 1 skipped; first newest-operator: gpu-operator: the operator must be v25.10.2",
          "  Make the recipe again.",
          "",
        ],
      ]);
      expect(out).toContain("failed\tpolicy/p.yaml\tnewest-operator\tgpu-operator: the operator must be v25.10.2\n");
      expect((await run(`${line} --fail-on-error=false`)).exit).toBe(0);
    },
    { "p.yaml": POLICY },
  );
});

test("what is wrong with a policy is said before a snapshot is read or a cluster asked", async () => {
  await workplace(
    async ({ run }) => {
      for (const policy of ["bad.yaml", "bad.wasm"])
        expect(await run(`validate --policy ${policy} -r r.yaml -s missing.json --data data`)).toMatchObject({
          exit: 2,
          err: expect.stringMatching(new RegExp(`^error: ${policy}`)),
        });
    },
    { "bad.yaml": POLICY.replace("component.version ==", "component.version = ="), "bad.wasm": "none" },
  );
});

/** Says what it is asked, and denies what has no recipe. */
const OPA = `#!/bin/sh
input=$(cat)
[ "$1 $2 $3 $4 $5 $7" = "eval --format json --stdin-input --data data" ] || { echo "args: $*" >&2; exit 2; }
case "$input" in
  *RecipeResult*) deny='["no recipe like this"]' ;;
  *) deny='[]' ;;
esac
printf '{"result":[{"expressions":[{"value":{"main":{"deny":%s}}}]}]}' "$deny"
`;

test("Rego by way of an opa program", async () => {
  await workplace(
    async ({ run, cwd }) => {
      await chmod(join(cwd, "opa"), 0o755);
      const options = { exec: nodeExec };
      const line = `validate --policy p.rego --opa ${cwd}/opa good.json -t table`;
      expect(await run(line, options)).toEqual({
        exit: 0,
        out: "passed\tpolicy/p.rego\tmain.deny\t\n",
        err: "[cli] validation passed: 1 passed\n",
      });
      expect(await run(`${line} -r r.yaml --no-cluster --phase readiness --data data`, options)).toMatchObject({
        exit: 1,
        err: expect.stringContaining("first main.deny: no recipe like this"),
      });
      expect((await run("validate --policy p.rego --opa ./missing good.json", options)).err).toMatch(
        /^error: a policy in Rego needs the program \.\/missing, which is not there\n {2}Install it /,
      );
    },
    { opa: OPA, "p.rego": "package main\n" },
  );
});
