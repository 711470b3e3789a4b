/** `npm run bench aicr`, second half: the library in one process, and how it grows with the number of overlays. */
import { join } from "node:path";
import { makeBundle } from "@slipway/bundle";
import {
  loadCatalog,
  openDataDirectory,
  resolve,
  type Catalog,
  type Criteria,
  type DataLayer,
  type Overlay,
} from "@slipway/recipe";
import { nodeFiles } from "@slipway/terminal";
import { median } from "./measure.ts";

const CRITERIA: Criteria = {
  service: "eks",
  accelerator: "h100",
  intent: "training",
  os: "ubuntu",
  platform: "kubeflow",
};
const SECONDS = 1.5;

/** Measures and prints recipes a second, bundles a second, and both from 10 to 1,000 overlays. */
export async function benchLibrary(): Promise<void> {
  const layer = await openDataDirectory(
    nodeFiles({ cwd: import.meta.dirname }),
    join(import.meta.dirname, "../catalog"),
  );
  const catalog = await loadCatalog([layer]);
  console.log("\nIN ONE PROCESS          A SECOND   MEDIAN ms");
  report("recipe, own catalog", await repeat(() => void resolve(catalog, CRITERIA, { version: "bench" })));
  report("bundle, own catalog", await repeat(() => bundleOf(catalog)));
  for (const count of [10, 100, 1000]) {
    const grown = await loadCatalog([grow(layer, count)]);
    report(`recipe, ${count} overlays`, await repeat(() => void resolve(grown, CRITERIA, { version: "bench" })));
    report(`bundle, ${count} overlays`, await repeat(() => bundleOf(grown)));
  }
}

async function bundleOf(catalog: Catalog): Promise<void> {
  const { recipe } = resolve(catalog, CRITERIA, { version: "bench" });
  await makeBundle(recipe, catalog, { deployer: "helm", overrides: [], scheduling: {}, version: "bench" });
}

/** The catalog with exactly `count` overlays: its own, cut or joined by overlays that ask for other clusters. */
function grow(layer: DataLayer, count: number): DataLayer {
  const own = layer.overlays.filter(({ file }) => file.endsWith("base.yaml") || matches(layer, file));
  const more = Array.from({ length: Math.max(0, count - own.length + 1) }, (_, index): Overlay => {
    const criteria = { service: ["eks", "gke", "aks"][index % 3], accelerator: `gpu-${index}`, intent: "training" };
    return {
      name: `other-${index}`,
      file: `overlays/other-${index}.yaml`,
      criteria,
      constraints: [],
      components: [],
      validation: {},
    };
  });
  const overlays = [...own, ...more];
  return { ...layer, overlays, paths: [...layer.paths, ...more.map(({ file }) => file)] };
}

/** Whether an overlay, or one that inherits from it, can match the criteria of this benchmark. */
function matches(layer: DataLayer, file: string): boolean {
  const parents = new Map(layer.overlays.map((overlay) => [overlay.name, overlay]));
  const wanted = layer.overlays.filter(
    ({ criteria }) =>
      criteria !== undefined &&
      Object.entries(criteria).every(
        ([field, value]) =>
          value === undefined ||
          value === "any" ||
          Object.entries(CRITERIA).some(([name, asked]) => name === field && asked === value),
      ),
  );
  return wanted.some((overlay) => {
    for (
      let at: Overlay | undefined = overlay;
      at !== undefined;
      at = at.base === undefined ? undefined : parents.get(at.base)
    ) {
      if (at.file === file) return true;
    }
    return false;
  });
}

interface Rate {
  readonly perSecond: number;
  readonly median: number;
}

async function repeat(action: () => Promise<void> | void): Promise<Rate> {
  for (let warm = 0; warm < 20; warm++) await action();
  const times: number[] = [];
  const start = performance.now();
  while (performance.now() - start < SECONDS * 1000) {
    const begun = performance.now();
    await action();
    times.push(performance.now() - begun);
  }
  return { perSecond: (times.length * 1000) / (performance.now() - start), median: median(times) };
}

function report(name: string, { perSecond, median }: Rate): void {
  console.log(`${name.padEnd(24)}${perSecond.toFixed(0).padStart(8)} ${median.toFixed(2).padStart(11)}`);
}
