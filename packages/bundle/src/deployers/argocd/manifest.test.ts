import { parseYamlDocuments } from "@slipway/base";
import { expect, test } from "vitest";
import type { Manifest } from "../../model.ts";
import { argocdManifest } from "./manifest.ts";

function manifest(content: string, isEarly: boolean): Manifest {
  const documents = parseYamlDocuments(content).filter((document) => document !== null);
  return { name: "m.yaml", content, documents, isEarly, inNamespace: true, definesNamespace: false };
}

const HOOKED = `# why
apiVersion: trainer.kubeflow.org/v1alpha1
kind: ClusterTrainingRuntime
metadata:
  name: torch
  annotations:
    helm.sh/hook: post-install
    helm.sh/hook-weight: "5"
    kept: "yes"
---
# nothing
---
apiVersion: x.example.com/v1
kind: X
metadata: {name: x, annotations: {argocd.argoproj.io/sync-wave: "7"}}
`;

test("hooks of helm are taken out, and kinds of the chart go to a later wave unless they have one", () => {
  expect(argocdManifest(manifest(HOOKED, false), true)).toBe(`apiVersion: trainer.kubeflow.org/v1alpha1
kind: ClusterTrainingRuntime
metadata:
  name: torch
  annotations:
    argocd.argoproj.io/sync-wave: "1"
    kept: "yes"
---
apiVersion: x.example.com/v1
kind: X
metadata:
  name: x
  annotations:
    argocd.argoproj.io/sync-wave: "7"
`);
});

test("without a chart there is no later wave, and annotations that are left empty go", () => {
  const content = "kind: X\nmetadata:\n  name: x\n  annotations:\n    helm.sh/hook: post-install\n";
  expect(argocdManifest(manifest(content, false), false)).toBe("kind: X\nmetadata:\n  name: x\n");
});

test("a manifest that needs no change keeps every byte", () => {
  const content = "# comment\nkind:   X\n";
  expect(argocdManifest(manifest(content, true), true)).toBe(content);
  expect(argocdManifest(manifest(content, false), false)).toBe(content);
});
