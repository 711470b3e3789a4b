import { readFile, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Exec } from "@slipway/base";
import { startFakeRegistry } from "@slipway/bundle/testing";
import { expect, test } from "vitest";
import { inWorkplace, type Workplace } from "../testing/aicr.ts";

/** A folder with a recipe in it. */
function withRecipe(action: (place: Workplace) => Promise<void>): Promise<void> {
  return inWorkplace({}, async (place) => {
    expect((await place.run("recipe --service eks -o recipe.yaml")).exit).toBe(0);
    await action(place);
  });
}

test("a folder for Helm", async () => {
  await withRecipe(async ({ both, run, cwd }) => {
    expect(await both("bundle -r recipe.yaml -o out")).toEqual({
      exit: 0,
      out: `
Helm bundle generated successfully!
Folder:      $PWD/out
Files:       13
Components:  cert-manager, gpu-operator

Next steps:
  1. cd $PWD/out
  2. ./deploy.sh --dry-run   (prints the commands, runs none)
  3. ./deploy.sh
`,
      err: "",
    });
    expect((await readdir(join(cwd, "out"))).sort()).toEqual([
      "README.md",
      "cert-manager",
      "checksums.txt",
      "deploy.sh",
      "gpu-operator",
      "recipe.yaml",
      "undeploy.sh",
    ]);
    expect((await run("verify out")).exit).toBe(0);
  });
});

test("the current folder, beside the recipe that it is made of; but no other file of the user is replaced", async () => {
  await withRecipe(async ({ run }) => {
    const made = await run("bundle -r recipe.yaml");
    expect([made.exit, (await run("verify .")).exit]).toEqual([0, 0]);
    const again = await run("bundle -r recipe.yaml");
    expect(again.exit).toBe(0);
  });
  await withRecipe(async ({ run, cwd }) => {
    await writeFile(join(cwd, "README.md"), "mine");
    expect(await run("bundle -r recipe.yaml")).toEqual({
      exit: 2,
      out: "",
      err:
        "error: $PWD has files that no bundle wrote and that this one would replace: README.md\n" +
        "  Move them away, or write the bundle to another folder with --output.\n",
    });
    expect(await readdir(cwd)).toEqual(["README.md", "recipe.yaml"]);
  });
});

test.each([
  [
    "argocd",
    "Argo CD bundle",
    ["Commit it to the root of the Git repository, and push", "kubectl apply --filename app-of-apps.yaml"],
    "app-of-apps.yaml",
  ],
  [
    "flux",
    "Flux bundle",
    ["Commit it to the root of the Git repository, and push", "kubectl apply --kustomize ."],
    "source.yaml",
  ],
  ["helmfile", "helmfile bundle", ["helmfile sync"], "helmfile.yaml"],
])("a folder for %s", async (deployer, title, steps, file) => {
  await withRecipe(async ({ both, cwd }) => {
    const { exit, out, err } = await both(
      `bundle -r recipe.yaml -o out -d ${deployer} --repo https://git.example.com/g.git`,
    );
    expect([exit, err]).toEqual([0, ""]);
    expect(out.replace(/\d+\n/, "N\n")).toBe(
      `\n${title} generated successfully!\nFolder:      $PWD/out\nFiles:       N\nComponents:  cert-manager, gpu-operator\n\n` +
        `Next steps:\n${["cd $PWD/out", ...steps].map((step, index) => `  ${index + 1}. ${step}\n`).join("")}`,
    );
    expect(await readdir(join(cwd, "out"))).toContain(file);
  });
});

test("without the repository's address, the first step is to fill it in", async () => {
  await withRecipe(async ({ both }) => {
    const { out } = await both("bundle -r recipe.yaml -o out -d argocd");
    expect(out).toContain("  2. Update app-of-apps.yaml and every application.yaml");
  });
});

test("values, switches and scheduling end up in the files", async () => {
  await withRecipe(async ({ both, cwd }) => {
    const line =
      "bundle -r recipe.yaml -o out --set gpuoperator:driver.version=570.10 --set cert-manager:enabled=false " +
      "--set nothing:a=1 --system-node-selector pool=system --system-node-toleration dedicated=system:NoSchedule";
    const { exit, err } = await both(line);
    expect([exit, err]).toEqual([
      0,
      '[cli] warning: --set nothing:a=1 is ignored: there is no component "nothing"\n' +
        "[cli] warning: cert-manager is switched off, but needed by gpu-operator\n",
    ]);
    expect(await readdir(join(cwd, "out"))).not.toContain("cert-manager");
    const values = await readFile(join(cwd, "out/gpu-operator/values.yaml"), "utf8");
    expect(values.replace(/^(?:#.*\n|---\n)+/, "").replaceAll("  ", " ")).toBe(
      `driver:
 version: "570.10"
operator:
 nodeSelector:
  pool: system
 tolerations:
  - effect: NoSchedule
   key: dedicated
   operator: Equal
   value: system
toolkit:
 enabled: false
`,
    );
  });
});

test("an archive is a bundle too", async () => {
  await withRecipe(async ({ both, run }) => {
    const { exit, out } = await both("bundle -r recipe.yaml -o out.tar.gz");
    expect([exit, out.split("\n")[2], out.split("\n")[7]]).toEqual([
      0,
      "Archive:     $PWD/out.tar.gz",
      "  1. Unpack it: tar -xzf $PWD/out.tar.gz",
    ]);
    expect((await run("verify out.tar.gz")).exit).toBe(0);
  });
});

test("the recipe may come from standard input", async () => {
  await withRecipe(async ({ both, cwd }) => {
    const stdin = await readFile(join(cwd, "recipe.yaml"), "utf8");
    expect((await both("bundle -r - -o out", { stdin })).exit).toBe(0);
  });
});

test("a data directory is copied into the bundle", async () => {
  const files = {
    "data/registry.yaml": "kind: ComponentRegistry\ncomponents: []\n",
    "data/notes/a.txt": "a note\n",
  };
  await inWorkplace(files, async ({ run, cwd }) => {
    await run("recipe --data data -o recipe.yaml");
    for (const time of ["first", "second"]) {
      const { exit, err } = await run("bundle -r recipe.yaml -o out --data data");
      expect([time, exit, err]).toEqual([time, 0, ""]);
    }
    expect(await readFile(join(cwd, "out/data/notes/a.txt"), "utf8")).toBe("a note\n");
    expect((await run("verify out")).exit).toBe(0);
  });
});

test("charts are fetched with helm", async () => {
  const calls: string[][] = [];
  const exec: Exec = {
    run: async (program, args) => {
      calls.push([program, ...args]);
      const folder = args[args.indexOf("--destination") + 1] ?? "";
      const chart = args.find((word) => ["cert-manager", "gpu-operator"].some((name) => word.endsWith(name))) ?? "";
      await writeFile(join(folder, `${chart.split("/").at(-1)}-1.tgz`), `archive of ${chart}`);
      return { exitCode: 0, stdout: "", stderr: "" };
    },
  };
  await withRecipe(async ({ both, cwd }) => {
    const { exit, err } = await both("bundle -r recipe.yaml -o out --vendor-charts", { exec });
    expect([exit, err]).toEqual([0, ""]);
    expect(calls.map(([program, ...args]) => [program, args[0]])).toEqual(
      Array.from({ length: 4 }, () => ["helm", "pull"]),
    );
    expect(await readdir(join(cwd, "out"))).toContain("provenance.yaml");
  });
});

test("no helm, no charts: an error, and nothing is written", async () => {
  await withRecipe(async ({ both, cwd }) => {
    const env = { PATH: "/nowhere" };
    const { exit, out, err } = await both("bundle -r recipe.yaml -o out --vendor-charts", { env, exec: noHelm });
    expect([exit, out]).toEqual([3, ""]);
    expect(err).toMatch(/^error: .*helm/);
    expect(await readdir(cwd)).toEqual(["recipe.yaml"]);
  });
});

const noHelm: Exec = {
  run: async (program) => {
    const { SlipwayError } = await import("@slipway/base");
    throw new SlipwayError("NOT_FOUND", `the program ${program} is not on the PATH`);
  },
};

test("what is pushed for Flux is read from where it is pushed to", async () => {
  const registry = await startFakeRegistry();
  await withRecipe(async ({ run }) => {
    const place = `oci://${registry.host}/gpu/bundle:v1`;
    const { exit, out, err } = await run(`bundle -r recipe.yaml -o ${place} -d flux --plain-http --revision main`);
    expect([exit, err]).toEqual([
      0,
      "[cli] warning: --revision main is ignored: the bundle is pushed with the tag v1\n",
    ]);
    expect(out.split("Next steps:\n")[1]).toMatch(
      /^ {2}1\. mkdir bundle && cd bundle\n {2}2\. oras blob fetch --plain-http .* \| tar -xz\n {2}3\. kubectl apply --kustomize \.\n$/,
    );
    const texts = [...registry.blobs.values()]
      .filter((blob) => blob[0] === 0x1f)
      .map((blob) => gunzipSync(blob).toString());
    expect(texts.join("")).toContain(`kind: OCIRepository
metadata:
  name: gpu-cluster-bundle
  namespace: flux-system
  annotations:
    kustomize.toolkit.fluxcd.io/ssa: Merge
spec:
  interval: 5m
  url: oci://${registry.host}/gpu/bundle
  ref:
    tag: v1
  insecure: true
`);
  });
  await registry.close();
});

test("a registry that does not answer", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  await new Promise((resolve) => server.close(resolve));
  await withRecipe(async ({ run }) => {
    const { exit, out, err } = await run(`bundle -r recipe.yaml -o oci://127.0.0.1:${port}/gpu/bundle --plain-http`);
    expect([exit, out]).toEqual([6, ""]);
    expect(err).toContain(`127.0.0.1:${port}`);
  });
});

test.each([
  [
    "bundle",
    2,
    "error: --recipe is missing: which recipe?\n  For example: aicr recipe --service eks -o recipe.yaml, then aicr bundle -r recipe.yaml -o bundle.\n",
  ],
  ["bundle -r none.yaml", 3, "error: none.yaml: no such file or directory\n"],
  [
    "bundle -r empty.yaml",
    2,
    "error: empty.yaml:1:1: componentRefs: the recipe has no components\n  Make a recipe with aicr recipe.\n",
  ],
  ["bundle -r recipe.yaml -d helmm", 2, /^error: -d takes helm, argocd, flux or helmfile, not "helmm"\n/],
  ["bundle -r recipe.yaml -o -", 2, /^error: a bundle cannot be written to "-"\n/],
  ["bundle -r recipe.yaml -o cm://a/b", 2, /^error: a bundle cannot be written to "cm:\/\/a\/b"\n/],
  ["bundle -r recipe.yaml -o 'oci://Bad Reference'", 2, /^error: /],
  ["bundle -r recipe.yaml -o out --repo 'foo bar'", 2, /^error: --repo cannot be "foo bar"\n  Expected https:/],
  ["bundle -r recipe.yaml -o out --revision 'a b'", 2, /^error: --revision cannot be "a b"\n  Expected a branch/],
  ["bundle -r recipe.yaml -o out --set a:b=1,2", 2, /^error: --set: expected KEY:path=value, found "2"\n/],
  ["bundle -r recipe.yaml -o out --system-node-selector pool", 2, /--system-node-selector: expected key=value/],
  ["bundle -r recipe.yaml -o out --system-node-toleration a=b:Never", 2, /--system-node-toleration: "Never"/],
  ["bundle -r recipe.yaml -o out --workload-gate gate", 2, /--workload-gate: expected key=value:effect/],
  ["bundle -r recipe.yaml -o out --nodes -1", 2, "error: --nodes takes 0 or more, not -1\n"],
])("%s", async (line, exit, err) => {
  await withRecipe(async ({ both, cwd }) => {
    await writeFile(join(cwd, "empty.yaml"), "kind: RecipeResult\n");
    const seen = await both(line);
    expect([seen.exit, seen.out]).toEqual([exit, ""]);
    expect(seen.err).toMatch(err);
    expect((await readdir(cwd)).sort()).toEqual(["empty.yaml", "recipe.yaml"]);
  });
});
