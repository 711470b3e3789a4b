import { rejectionOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { textFiles } from "../../testing/text-files.ts";
import { loadKubeconfig, type KubeconfigChoice } from "./load.ts";

const TEXTS = {
  "/one": "current-context: one\nclusters: [{name: a, cluster: {server: https://one}}]",
  "/two":
    "current-context: two\nclusters: [{name: a, cluster: {server: https://two, proxy-url: p}}, {name: b, cluster: {}}]",
  "/none": "clusters: []",
  "/home/.kube/config": "current-context: home",
  "/secret": null,
};

async function load(choice: Omit<KubeconfigChoice, "files">): Promise<unknown> {
  const files = textFiles(new Map(Object.entries(TEXTS)));
  const config = await loadKubeconfig({ ...choice, files });
  const clusters = [...config.clusters.values()].map(({ name, server, proxyUrl }) => [name, server, proxyUrl]);
  return { files: config.files, current: config.currentContext, clusters };
}

test("the file that is asked for goes before all others", async () => {
  const env = { KUBECONFIG: "/two", HOME: "/home" };
  expect(await load({ kubeconfig: "/one", env })).toEqual({
    files: ["/one"],
    current: "one",
    clusters: [["a", "https://one", undefined]],
  });
});

test("of the files of KUBECONFIG the first that says something wins, missing and empty ones are skipped", async () => {
  expect(await load({ env: { KUBECONFIG: "/none::/missing:/one:/two:/one", HOME: "/home" } })).toEqual({
    files: ["/none", "/one", "/two"],
    current: "one",
    clusters: [
      ["a", "https://one", undefined],
      ["b", "", undefined],
    ],
  });
});

test("KUBECONFIG=/dev/null is none at all", async () => {
  expect(await load({ env: { KUBECONFIG: "/dev/null", HOME: "/home" } })).toEqual(await load({ env: {} }));
});

test("without KUBECONFIG it is the file of the home directory", async () => {
  expect(await load({ env: { KUBECONFIG: "", HOME: "/home" } })).toMatchObject({ current: "home" });
  expect(await load({ env: { USERPROFILE: "/home" } })).toMatchObject({ current: "home" });
});

test("without any file it is empty", async () => {
  expect(await load({ env: { HOME: "/nobody" } })).toEqual({ files: [], current: undefined, clusters: [] });
  expect(await load({ env: {} })).toEqual({ files: [], current: undefined, clusters: [] });
});

test("the file that is asked for must be there, and every file must be readable", async () => {
  const missing = await rejectionOf(load({ kubeconfig: "/missing", env: {} }));
  expect([missing.code, missing.describe()]).toEqual([
    "NOT_FOUND",
    "/missing: there is no such kubeconfig\nGive the path of a kubeconfig with --kubeconfig or in KUBECONFIG.",
  ]);
  const secret = await rejectionOf(load({ env: { KUBECONFIG: "/one:/secret" } }));
  expect([secret.code, secret.describe()]).toEqual(["NOT_ALLOWED", "/secret: permission denied"]);
});
