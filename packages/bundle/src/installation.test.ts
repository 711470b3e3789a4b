import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { installationOf, kustomizeAddress, ociChart, withoutOciScheme } from "./installation.ts";

test("a component with a source is a chart, named like the component unless told otherwise", () => {
  expect(installationOf({ name: "a", source: "https://charts.example.com", version: "v1" })).toEqual({
    kind: "chart",
    repository: "https://charts.example.com",
    isOci: false,
    chart: "a",
    version: "v1",
    archive: undefined,
  });
  expect(installationOf({ name: "a", type: "Helm", chart: "b", source: "oci://x/y" }, "charts/b.tgz")).toEqual({
    kind: "chart",
    repository: "oci://x/y",
    isOci: true,
    chart: "b",
    version: undefined,
    archive: "charts/b.tgz",
  });
});

test("a Kustomize component is built from its source, and one without a source is manifests only", () => {
  expect(installationOf({ name: "a", type: "Kustomize", source: "https://x", path: "p", tag: "t" })).toEqual({
    kind: "kustomize",
    source: "https://x",
    path: "p",
    tag: "t",
  });
  expect(installationOf({ name: "a", type: "Kustomize" })).toEqual({ kind: "manifests" });
  expect(installationOf({ name: "a", type: "Helm", chart: "b", version: "1" })).toEqual({ kind: "manifests" });
});

test("addresses are joined as helm, kustomize and Argo CD want them", () => {
  expect(ociChart("oci://ghcr.io/nvidia/", "x")).toBe("oci://ghcr.io/nvidia/x");
  expect(withoutOciScheme("oci://ghcr.io/nvidia")).toBe("ghcr.io/nvidia");
  expect(withoutOciScheme("https://x")).toBe("https://x");
  expect(kustomizeAddress("https://github.com/o/r", "a/b", "v1")).toBe("https://github.com/o/r//a/b?ref=v1");
  expect(kustomizeAddress("https://github.com/o/r", undefined, undefined)).toBe("https://github.com/o/r");
  expect(kustomizeAddress("https://github.com/o/r", "/a", "a&b=c")).toBe("https://github.com/o/r//a?ref=a%26b%3Dc");
});

test.each(["namespace", "chart", "source", "version", "tag", "path"])(
  "%s cannot be an option of a program",
  (field) => {
    expect(errorOf(() => installationOf({ name: "a", [field]: "--post-renderer=x" })).describe()).toBe(
      `a.${field}: "--post-renderer=x" starts with a dash, so a program would take it for an option`,
    );
    expect(errorOf(() => installationOf({ name: "a", [field]: "x\ny" })).describe()).toBe(
      `a.${field}: control characters and line breaks are not allowed here`,
    );
  },
);
