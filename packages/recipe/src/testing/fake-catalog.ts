import type { TreeMap } from "@slipway/base";
import type { Catalog, ComponentRef, Overlay, RegistryComponent } from "../model.ts";

/** What differs from an empty catalog. */
export interface FakeCatalogParts {
  readonly registry?: readonly RegistryComponent[];
  readonly base?: Overlay;
  readonly overlays?: readonly Overlay[];
  /** Values files by path. */
  readonly values?: Readonly<Record<string, TreeMap>>;
}

/** A catalog in memory that remembers which files were read. */
export interface FakeCatalog extends Catalog {
  readonly reads: readonly string[];
}

/** A catalog in memory. Texts are not there; values are those given. */
export function fakeCatalog({ registry = [], base, overlays = [], values = {} }: FakeCatalogParts = {}): FakeCatalog {
  const reads: string[] = [];
  const files = new Map(Object.entries(values));
  return {
    registry,
    base: base ?? fakeOverlay("base", []),
    overlays: new Map(overlays.map((overlay) => [overlay.name, overlay])),
    warnings: [],
    reads,
    values: (path) => {
      reads.push(path);
      return Promise.resolve(files.get(path));
    },
    text: () => Promise.resolve(undefined),
    files: () => [...files.keys()],
    shown: (path) => path,
    registryFile: () => "registry.yaml",
  };
}

/** An overlay with components and nothing else. */
export function fakeOverlay(name: string, components: readonly ComponentRef[]): Overlay {
  return { name, file: `overlays/${name}.yaml`, criteria: {}, constraints: [], components, validation: {} };
}

/** A Helm component of a registry, with a chart repository and the names that may stand for it. */
export function fakeRegistryComponent(name: string, valueOverrideKeys: readonly string[] = []): RegistryComponent {
  const paths = { nodeSelectorPaths: [], tolerationPaths: [], taintStrPaths: [] };
  return {
    name,
    displayName: name,
    valueOverrideKeys,
    helm: { repository: `https://charts.example.com/${name}`, chart: `example/${name}`, version: "1.0.0" },
    kustomize: {},
    nodeCountPaths: [],
    system: paths,
    accelerated: paths,
    workloadSelectorPaths: [],
    checks: [],
  };
}
