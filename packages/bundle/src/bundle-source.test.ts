import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { bundleSource, revisionKind } from "./bundle-source.ts";

test("without --repo the address is one to replace, on the main branch", () => {
  expect(bundleSource({ version: "1.2.3" })).toEqual({
    kind: "git",
    url: "https://git.example.com/your-organization/your-repository.git",
    revision: "main",
    isPlaceholder: true,
    isPlainHttp: false,
  });
});

test.each([
  "https://git.example.com/team/cluster.git",
  "http://git.example.com/cluster",
  "ssh://git@git.example.com:2222/cluster.git",
  "git://git.example.com/cluster",
  "git@git.example.com:team/cluster.git",
  "file:///srv/git/cluster",
])("%s is a Git repository", (repo) => {
  expect(bundleSource({ version: "1.2.3", repo, revision: "release/1" })).toEqual({
    kind: "git",
    url: repo,
    revision: "release/1",
    isPlaceholder: false,
    isPlainHttp: false,
  });
});

test.each([
  ["oci://registry.example.com:5000/gpu/bundle", undefined, "1.2.3_4"],
  ["oci://registry.example.com:5000/gpu/bundle:v1", undefined, "v1"],
  ["oci://registry.example.com:5000/gpu/bundle:v1", "v2", "v2"],
])("%s with the revision %s is an artifact with the tag %s", (repo, revision, tag) => {
  expect(bundleSource({ version: "1.2.3+4", repo, revision, plainHttp: true })).toEqual({
    kind: "oci",
    url: "oci://registry.example.com:5000/gpu/bundle",
    revision: tag,
    isPlaceholder: false,
    isPlainHttp: true,
  });
});

test.each(["foo bar", "https://a b", "https://", "cluster.git", "--upload-pack=x", "https://x\ny", "ftp://x/y"])(
  "%j is no repository",
  (repo) => {
    const error = errorOf(() => bundleSource({ version: "1", repo }));
    expect([error.code, error.describe()]).toEqual([
      "USAGE",
      `--repo cannot be ${JSON.stringify(repo)}\nExpected https://, http://, ssh://, git://, file:// or oci:// and an address, or git@host:path.`,
    ]);
  },
);

test.each([
  "https://me:hunter2@git.example.com/x",
  "http://hunter2@git.example.com/x",
  "ssh://me:hunter2@git.example.com/x",
  "oci://me:hunter2@registry.example.com/x",
])("the credentials in %s would be written into files, and are not shown either", (repo) => {
  const error = errorOf(() => bundleSource({ version: "1", repo }));
  expect([error.code, error.describe()]).toEqual([
    "USAGE",
    "--repo cannot have a user name, password or token: files of the bundle name it\nLeave them out, and give the credentials to Argo CD or Flux as a Secret.",
  ]);
});

test.each(["https://git.example.com/x#main", "git@git.example.com:x#main", "oci://x/y#z"])(
  "%s has a fragment",
  (repo) => {
    const error = errorOf(() => bundleSource({ version: "1", repo }));
    expect([error.code, error.describe()]).toEqual([
      "USAGE",
      "--repo cannot have a #fragment\nGive a branch, tag or commit with --revision.",
    ]);
  },
);

test("an artifact is named by a tag, and well", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  expect(errorOf(() => bundleSource({ version: "1", repo: `oci://x/y@${digest}` })).describe()).toBe(
    `--repo cannot be "oci://x/y@${digest}"\nExpected oci://host/repository:tag, because the digest of a bundle depends on what is in it.`,
  );
  expect(errorOf(() => bundleSource({ version: "1", repo: "oci://x/Y" })).message).toBe(
    '"oci://x/Y" is no registry reference: "Y" is no repository: lower-case letters, digits and single . _ -',
  );
});

test.each(["a b", "a\u0000b", "--force", "", " "])("%j is no revision", (revision) => {
  const error = errorOf(() => bundleSource({ version: "1", revision }));
  expect([error.code, error.describe()]).toEqual([
    "USAGE",
    `--revision cannot be ${JSON.stringify(revision)}\nExpected a branch or a tag: no spaces, no control characters, no dash in front.`,
  ]);
});

test.each([
  ["main", "branch"],
  ["release/1.2", "branch"],
  ["v2", "branch"],
  ["0123abc", "branch"],
  ["v1.2.3-rc.1", "tag"],
  ["25.10", "tag"],
  ["refs/pull/7/head", "name"],
  ["0123456789abcdef0123456789abcdef01234567", "commit"],
] as const)("%s is taken for a %s", (revision, kind) => {
  expect(revisionKind(revision)).toBe(kind);
});
