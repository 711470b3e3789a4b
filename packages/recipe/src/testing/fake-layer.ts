import type { DataLayer } from "../catalog.ts";
import { loadCatalog } from "../catalog.ts";
import type { Catalog, Overlay } from "../model.ts";
import { decodeOverlay } from "../overlay-file.ts";
import { decodeRegistry } from "../registry-file.ts";

/** The empty registry that every directory needs. */
export const EMPTY_REGISTRY = "components: []\n";

/** A layer of YAML texts by path; `registry.yaml` may be left out, a base with one component as well. */
export function fakeLayer(texts: Readonly<Record<string, string>>, name: string = "data"): DataLayer {
  const files = new Map(Object.entries(texts));
  const overlays = [...files].filter(([path]) => path.startsWith("overlays/"));
  return {
    name,
    paths: [...files.keys()],
    registry: decodeRegistry(files.get("registry.yaml") ?? EMPTY_REGISTRY, `${name}/registry.yaml`),
    overlays: overlays
      .map(([path, text]) => decodeOverlay(text, path))
      .filter((overlay): overlay is Overlay => overlay !== undefined),
    values: () => Promise.resolve(undefined),
    text: (path) => Promise.resolve(files.get(path)),
  };
}

/** A catalog of one layer; a base with the single component `driver` is added where there is none. */
export function fakeData(texts: Readonly<Record<string, string>>): Promise<Catalog> {
  return loadCatalog([fakeLayer({ "overlays/base.yaml": FAKE_BASE, ...texts })]);
}

/** A base with a single component. */
export const FAKE_BASE = `
metadata: {name: base}
spec:
  componentRefs:
    - {name: driver, type: Helm, source: https://charts.example.com, version: 1.0.0}
`;
