import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import {
  enter,
  entries,
  items,
  cursorOf,
  optionalText,
  parseYaml,
  requiredText,
  textList,
  type Cursor,
  type Tree,
} from "@slipway/base";
import { describe, expect, test } from "vitest";

// Holds the catalog's data together: names, files and sources. What recipes come out of it is in combinations.test.ts.

const ROOT = import.meta.dirname;
const FILES: readonly string[] = readdirSync(ROOT, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".yaml"))
  .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
  .toSorted();
const MANIFESTS = FILES.filter((file) => file.includes("/manifests/"));
const DOCUMENTS = FILES.filter((file) => !MANIFESTS.includes(file));

const CRITERIA: ReadonlyMap<string, readonly string[]> = new Map([
  ["service", ["aks", "eks", "gke", "kind", "oke", "self-managed"]],
  ["accelerator", ["a100", "b200", "gb200", "h100", "h200", "l40", "l40s", "rtx-pro-6000"]],
  ["intent", ["inference", "training"]],
  ["os", ["amazonlinux", "cos", "rhel", "talos", "ubuntu"]],
  ["platform", ["dynamo", "kubeflow", "nim"]],
]);

function text(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

function document(file: string): Cursor {
  return cursorOf(parseYaml(text(file), file));
}

interface ComponentUse {
  readonly name: string;
  readonly valuesFile: string | undefined;
  readonly manifestFiles: readonly string[];
  readonly dependencyRefs: readonly string[];
  readonly overrideKeys: readonly string[];
}

interface OverlayFile {
  readonly file: string;
  readonly name: string;
  readonly base: string | undefined;
  readonly criteria: ReadonlyMap<string, string>;
  readonly components: readonly ComponentUse[];
  readonly phases: readonly string[];
}

function readOverlay(file: string): OverlayFile {
  const root = document(file);
  const spec = enter(root, "spec");
  return {
    file,
    name: requiredText(enter(enter(root, "metadata"), "name")),
    base: optionalText(enter(spec, "base")),
    criteria: new Map(entries(enter(spec, "criteria")).map(([field, value]) => [field, requiredText(value)])),
    components: items(enter(spec, "componentRefs")).map((component) => ({
      name: requiredText(enter(component, "name")),
      valuesFile: optionalText(enter(component, "valuesFile")),
      manifestFiles: textList(enter(component, "manifestFiles")),
      dependencyRefs: textList(enter(component, "dependencyRefs")),
      overrideKeys: entries(enter(component, "overrides")).map(([key]) => key),
    })),
    phases: entries(enter(spec, "validation")).map(([phase]) => phase),
  };
}

const OVERLAYS = FILES.filter((file) => file.startsWith("overlays/")).map(readOverlay);
const BY_NAME = new Map(OVERLAYS.map((overlay) => [overlay.name, overlay]));
const REGISTRY = items(enter(document("registry.yaml"), "components"));
const REGISTERED = REGISTRY.map((component) => requiredText(enter(component, "name")));
const USES = OVERLAYS.flatMap((overlay) => overlay.components.map((use) => ({ overlay: overlay.name, ...use })));

function duplicates(values: readonly string[]): readonly string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

describe("files", () => {
  test("every document is valid YAML with a map at its root", () => {
    const others = DOCUMENTS.filter((file) => {
      const tree: Tree = parseYaml(text(file), file);
      return typeof tree !== "object" || tree === null || Array.isArray(tree);
    });
    expect(others).toEqual([]);
  });

  test("every file says where its facts are from", () => {
    expect(FILES.filter((file) => !/^\s*# source: \S/m.test(text(file)))).toEqual([]);
  });

  test("every entry of the registry says where its facts are from", () => {
    const blocks = text("registry.yaml").split(/^ {2}- name: /m);
    const unsourced = REGISTERED.filter((_, index) => !/# source: \S/.test(blocks[index] ?? ""));
    expect(unsourced).toEqual([]);
  });

  test("every file below components/ is used, or is the values file of a component that recipes may add", () => {
    const used = new Set(USES.flatMap((use) => [use.valuesFile, ...use.manifestFiles]));
    const unused = FILES.filter((file) => file.startsWith("components/") && !used.has(file));
    expect(unused).toEqual(["components/kueue/values.yaml"]);
  });

  test("every check belongs to a component", () => {
    const checks = FILES.filter((file) => file.startsWith("checks/"));
    const asserted = REGISTRY.map((component) => optionalText(enter(enter(component, "healthCheck"), "assertFile")));
    expect(checks).toEqual(asserted.filter((file) => file !== undefined).toSorted());
  });
});

describe("registry", () => {
  test("names and override keys are unambiguous: no key is given twice or is another component's name", () => {
    const keys = REGISTRY.flatMap((component) => textList(enter(component, "valueOverrideKeys")));
    expect(duplicates([...REGISTERED, ...keys])).toEqual([]);
  });

  test("Skyhook's names reach Nodewright", () => {
    const keysOf = (name: string): readonly string[] =>
      REGISTRY.filter((component) => requiredText(enter(component, "name")) === name).flatMap((component) =>
        textList(enter(component, "valueOverrideKeys")),
      );
    expect(keysOf("nodewright-operator")).toEqual(expect.arrayContaining(["skyhook", "skyhook-operator"]));
    expect(keysOf("nodewright-customizations")).toEqual(
      expect.arrayContaining(["skyhookcustomizations", "skyhook-customizations"]),
    );
  });

  test("a component is a chart, a kustomization or manifests only, never two of them, and is pinned", () => {
    const kinds = REGISTRY.map((component) => {
      const repository = optionalText(enter(enter(component, "helm"), "defaultRepository"));
      const version = optionalText(enter(enter(component, "helm"), "defaultVersion"));
      const source = optionalText(enter(enter(component, "kustomize"), "defaultSource"));
      const tag = optionalText(enter(enter(component, "kustomize"), "defaultTag"));
      const chart = repository !== undefined && repository !== "" && version !== undefined;
      return [chart, source !== undefined && tag !== undefined, repository === ""].filter(Boolean).length;
    });
    expect(kinds).toEqual(REGISTRY.map(() => 1));
  });

  test("a component has each scheduling path once", () => {
    const repeated = REGISTRY.flatMap((component) => {
      const scheduling = enter(component, "nodeScheduling");
      const groups = [enter(scheduling, "system"), enter(scheduling, "accelerated")];
      const paths = groups.flatMap((group) => entries(group).flatMap(([, list]) => textList(list)));
      return duplicates([...paths, ...textList(enter(scheduling, "nodeCountPaths"))]);
    });
    expect(repeated).toEqual([]);
  });
});

describe("overlays", () => {
  test("a file is named after its overlay", () => {
    expect(OVERLAYS.map((overlay) => overlay.file)).toEqual(OVERLAYS.map((overlay) => `overlays/${overlay.name}.yaml`));
  });

  test("criteria are those that can be asked for, and only the base has none", () => {
    const illegal = OVERLAYS.flatMap((overlay) =>
      [...overlay.criteria].filter(([field, value]) => CRITERIA.get(field)?.includes(value) !== true),
    );
    expect(illegal).toEqual([]);
    expect(OVERLAYS.filter((overlay) => overlay.criteria.size === 0).map((overlay) => overlay.name)).toEqual(["base"]);
  });

  test("every value that can be asked for is honoured by an overlay of its own", () => {
    const alone = new Set(
      OVERLAYS.filter((overlay) => overlay.criteria.size === 1).flatMap((overlay) => [...overlay.criteria.values()]),
    );
    const platforms = new Set(OVERLAYS.map((overlay) => overlay.criteria.get("platform")));
    const missing = [...CRITERIA].flatMap(([field, values]) =>
      values.filter((value) => !(field === "platform" ? platforms : alone).has(value)),
    );
    expect(missing).toEqual([]);
  });

  test("no two overlays have the same criteria", () => {
    expect(duplicates(OVERLAYS.map((overlay) => criteriaText(overlay)))).toEqual([]);
  });

  test("a parent exists and asks for less", () => {
    const wrong = OVERLAYS.filter((overlay) => {
      if (overlay.base === undefined) return false;
      const parent = BY_NAME.get(overlay.base);
      return (
        parent === undefined || [...parent.criteria].some(([field, value]) => overlay.criteria.get(field) !== value)
      );
    });
    expect(wrong.map((overlay) => overlay.name)).toEqual([]);
  });

  test("components are registered, and the files that they name are there", () => {
    expect(USES.filter((use) => !REGISTERED.includes(use.name))).toEqual([]);
    expect(USES.flatMap((use) => use.dependencyRefs).filter((name) => !REGISTERED.includes(name))).toEqual([]);
    const named = USES.flatMap((use) => [use.valuesFile ?? [], use.manifestFiles].flat());
    expect(named.filter((file) => !FILES.includes(file))).toEqual([]);
  });

  test("values and manifests of a component lie in its own folder", () => {
    const elsewhere = USES.filter((use) =>
      [use.valuesFile ?? [], use.manifestFiles].flat().some((file) => !file.startsWith(`components/${use.name}/`)),
    );
    expect(elsewhere).toEqual([]);
  });

  test("checks of a validation are in the catalog of validators", () => {
    const validators = items(enter(document("validators/catalog.yaml"), "validators"));
    const known = validators.map((check) => requiredText(enter(check, "name")));
    const named = validators
      .filter((check) => enter(check, "always").value !== true)
      .map((check) => requiredText(enter(check, "name")));
    const used = OVERLAYS.flatMap((overlay) =>
      entries(enter(enter(document(overlay.file), "spec"), "validation")).flatMap(([, phase]) =>
        textList(enter(phase, "checks")),
      ),
    );
    expect(used.filter((name) => !known.includes(name))).toEqual([]);
    expect(named.filter((name) => !used.includes(name))).toEqual([]);
  });
});

/** The criteria as one text, whatever their order in the file. */
function criteriaText(overlay: OverlayFile): string {
  return [...CRITERIA.keys()].map((field) => overlay.criteria.get(field) ?? "any").join("/");
}

/** Two overlays may match one query when they contradict each other nowhere. */
function compatible(left: OverlayFile, right: OverlayFile): boolean {
  return [...left.criteria].every(([field, value]) => (right.criteria.get(field) ?? value) === value);
}

function ancestors(overlay: OverlayFile): readonly string[] {
  const parent = overlay.base === undefined ? undefined : BY_NAME.get(overlay.base);
  return parent === undefined ? ["base"] : [parent.name, ...ancestors(parent)];
}

/** What an overlay sets as a whole: where two of one recipe set the same, the second undoes the first. */
function settings(overlay: OverlayFile): readonly string[] {
  const ofComponents = overlay.components.flatMap((use) => [
    ...(use.valuesFile === undefined ? [] : [`${use.name}: valuesFile`]),
    ...(use.dependencyRefs.length === 0 ? [] : [`${use.name}: dependencyRefs`]),
    ...use.overrideKeys.map((key) => `${use.name}: override of ${key}`),
  ]);
  return [...ofComponents, ...overlay.phases.map((phase) => `phase ${phase}`)];
}

test("overlays that can meet in one recipe undo each other's settings only as parent and child", () => {
  const clashes = OVERLAYS.flatMap((left, index) =>
    OVERLAYS.slice(index + 1)
      .filter((right) => compatible(left, right))
      .filter((right) => !ancestors(left).includes(right.name) && !ancestors(right).includes(left.name))
      .flatMap((right) => {
        const others = settings(right);
        return settings(left)
          .filter((setting) => others.includes(setting))
          .map((setting) => `${left.name} and ${right.name}: ${setting}`);
      }),
  );
  expect(clashes).toEqual([]);
});

describe("docs/catalog.md", () => {
  const page = readFileSync(join(ROOT, "..", "docs", "catalog.md"), "utf8");

  test("lists every component with its version", () => {
    const rows = REGISTRY.map((component) => {
      const version =
        optionalText(enter(enter(component, "helm"), "defaultVersion")) ??
        optionalText(enter(enter(component, "kustomize"), "defaultTag")) ??
        "–";
      return { name: requiredText(enter(component, "name")), version };
    });
    const table = [
      ...page.matchAll(/^\| `(?<name>[^`]+)` \| (?:chart|kustomization|manifests)[^|]*\| (?<version>[^|]+) \|/gm),
    ];
    expect(table.map((row) => ({ name: row.groups?.["name"], version: row.groups?.["version"] }))).toEqual(rows);
  });

  test("lists every combination of a service and an accelerator", () => {
    const combinations = OVERLAYS.filter(
      (overlay) => overlay.criteria.has("service") && overlay.criteria.has("accelerator"),
    );
    const rows = combinations.map((overlay) => {
      const [service, accelerator, intent, os, platform] = criteriaText(overlay).split("/");
      return `| \`${overlay.name}\` | ${service} | ${accelerator} | ${os} | ${intent} | ${platform} |`;
    });
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });
});
