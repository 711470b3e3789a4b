import { appendFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inWorkplace, type Workplace } from "../testing/aicr.ts";

/** A folder with a bundle in it. */
function withBundle(action: (place: Workplace) => Promise<void>): Promise<void> {
  return inWorkplace({}, async (place) => {
    await place.run("recipe -o recipe.yaml");
    expect((await place.run("bundle -r recipe.yaml -o out")).exit).toBe(0);
    await action(place);
  });
}

const GOOD = "Bundle:       out\nChecksums:    passed, 12 files\nAttestation:  none\nTrust level:  unverified\n";

test("a bundle that is what was made", async () => {
  await withBundle(async ({ both }) => {
    expect(await both("verify out")).toEqual({ exit: 0, out: GOOD, err: "" });
    const { exit, out } = await both("verify out --format json");
    expect([exit, JSON.parse(out)]).toEqual([
      0,
      {
        trustLevel: "unverified",
        checksumsPassed: true,
        checksumFiles: 12,
        bundleAttested: false,
        binaryAttested: false,
        identityPinned: false,
        hasExternalData: false,
        errors: [],
      },
    ]);
  });
});

test("changed, missing and added files, and links", async () => {
  await withBundle(async ({ both, cwd }) => {
    await appendFile(join(cwd, "out/recipe.yaml"), "# changed\n");
    await rm(join(cwd, "out/README.md"));
    await writeFile(join(cwd, "out/extra"), "");
    await symlink("/etc/passwd", join(cwd, "out/link"));
    const { exit, out, err } = await both("verify out -t json");
    expect([exit, err]).toEqual([1, "error: out: verification failed with 4 errors\n"]);
    expect(JSON.parse(out)).toMatchObject({ trustLevel: "unknown", checksumsPassed: false, checksumFiles: 0 });
  });
});

test.each([
  ["--min-trust-level unverified", 0, ""],
  ["--min-trust-level max", 0, ""],
  ["--min-trust-level verified", 1, "error: out: the trust level is unverified, at least verified was asked for\n"],
  ["--require-creator me@example.com", 1, "error: out: without an attestation --require-creator is not met\n"],
  ["--cli-version-constraint >=1", 1, "error: out: without an attestation --cli-version-constraint is not met\n"],
])("a rule that the result must meet: %s", async (rule, exit, err) => {
  await withBundle(async ({ both }) => {
    expect(await both(`verify out ${rule}`)).toEqual({ exit, out: GOOD, err });
  });
});

test.each([
  ["verify", 2, "error: BUNDLE is missing: a bundle's folder or .tar.gz\n  Usage: aicr verify BUNDLE\n"],
  [
    "verify out out2 out3",
    2,
    'error: aicr verify takes one BUNDLE; what is "out2", "out3"?\n' +
      "  Usage: aicr verify BUNDLE. For more than one, run it once for each.\n",
  ],
  [
    "verify oci://registry.example.com/gpu:v1",
    2,
    "error: oci://registry.example.com/gpu:v1 is an address: a bundle in a registry or on a server is not verified\n" +
      "  Pull it first, then verify the folder or the .tar.gz that you have: oras pull HOST/REPOSITORY:TAG\n",
  ],
  ["verify none", 3, /^error: .*none does not exist\n/],
  ["verify out --min-trust-level some", 2, /^error: --min-trust-level: "some" is none of unknown, /],
  ["verify out --format yaml", 2, 'error: --format takes text or json, not "yaml"\n'],
])("%s", async (line, exit, err) => {
  await withBundle(async ({ both }) => {
    const seen = await both(line);
    expect([seen.exit, seen.out]).toEqual([exit, ""]);
    expect(seen.err).toMatch(err);
  });
});
