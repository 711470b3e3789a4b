import type { Bundle } from "@slipway/bundle";
import { expect, test } from "vitest";
import { FaultFinder } from "./faults.ts";
import { objectCheck } from "./schemas.ts";

const REPOSITORY = "https://git.example.com/bundle.git";

async function faultsOf(contents: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const files = Object.entries(contents).map(([path, content]) => ({ path, content, executable: false }));
  const bundle: Pick<Bundle, "files"> = { files };
  return new FaultFinder(await objectCheck("/nowhere")).faultsOf(bundle, REPOSITORY);
}

const SOURCE = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: own}
spec: {interval: 1h, url: ${REPOSITORY}}
`;

const SYNC = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: a}
spec: {interval: 1h, prune: true, path: ./a, sourceRef: {kind: GitRepository, name: own}, dependsOn: [{name: b}]}
`;

test("a sound bundle has no faults", async () => {
  const contents = { "source.yaml": SOURCE, "a/x.yaml": SYNC.replace("b}", "a}"), "a/values.yaml": "x: 1\n" };
  expect(await faultsOf(contents)).toEqual([]);
});

test.each([
  ["a.yaml", "a: [", /^a\.yaml: is no YAML: /],
  ["a.yaml", "a: 1\na: 2\n", /^a\.yaml: is no YAML: Map keys must be unique/],
  ["a.yaml", "text\n", /^a\.yaml: holds a document that is no map$/],
  ["a.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {}\n", /^a\.yaml: a Secret without a name$/],
  ["a.yaml", "kind: Secret\nmetadata: {name: x}\n", /^a\.yaml: an object without apiVersion or kind$/],
  ["README.md", "image: <no value>\n", /^README\.md: holds <no value>$/],
  ["source.yaml", SOURCE.replace("1h", "often"), /GitRepository: \/spec\/interval must match pattern/],
  ["source.yaml", SOURCE.replace("1h", "1h, every: 1h"), /GitRepository: \/spec must NOT have additional properties/],
  [
    "kustomization.yaml",
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [x.yaml]\n",
    /^kustomization\.yaml: needs x\.yaml, which is not/,
  ],
])("a fault in %s: %j", async (path, content, fault) => {
  expect(await faultsOf({ [path]: content })).toEqual([expect.stringMatching(fault)]);
});

test("folders, sources and dependencies that are not there", async () => {
  expect(await faultsOf({ "source.yaml": SOURCE, "sync.yaml": SYNC })).toEqual([
    "sync.yaml: needs the folder a, which is not in the bundle",
    "sync.yaml: refers to Kustomization b, which is not in the bundle",
  ]);
});
