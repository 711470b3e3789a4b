import { readFileSync, readdirSync, statSync, type Stats } from "node:fs";
import { join } from "node:path";
import { parseJson, parseYaml, writeYaml, type FileInfo, type Files, type Tree } from "@slipway/base";
import { loadCatalog, openDataDirectory, recipeTree, resolve } from "@slipway/recipe";
import { mergeFleet, fleetTree, snapshotTree, type Snapshot } from "@slipway/snapshot";
import { expect, test } from "vitest";
import { ctrfTree } from "../report/ctrf.ts";
import { schemaProblems } from "./check.ts";
import { SCHEMAS, schemaOf, schemaOfDocument } from "./index.ts";

const CATALOG = join(import.meta.dirname, "../../../../catalog");

function problemsOf(text: string, kind?: string): readonly string[] {
  const value = parseYaml(text, "d.yaml");
  const { schema } = kind === undefined ? schemaOfDocument(value) : schemaOf(kind);
  return schemaProblems(value, schema, text, "d.yaml").map(
    ({ place: { line = 0, column = 0, field = "" }, message, hint }) =>
      `${line}:${column} ${field}: ${message}${hint === undefined ? "" : ` (${hint})`}`,
  );
}

const problemsOfTree = (tree: Tree): readonly string[] => problemsOf(writeYaml(tree));

test("every document of the catalog keeps to its schema", () => {
  const files = readdirSync(CATALOG, { recursive: true, encoding: "utf8" });
  const documents = files.filter((file) => /^(overlays|validators)\/.*\.yaml$|^registry\.yaml$/.test(file));
  expect(documents.length).toBeGreaterThan(50);
  expect(
    documents.flatMap((file) =>
      problemsOf(readFileSync(join(CATALOG, file), "utf8")).map((problem) => `${file}:${problem}`),
    ),
  ).toEqual([]);
});

test("every recipe of the catalog's overlays keeps to its schema", async () => {
  const catalog = await loadCatalog([await openDataDirectory(catalogFiles(), CATALOG)]);
  const criteria = [...catalog.overlays.values()].flatMap((overlay) => overlay.criteria ?? []);
  const recipes = await Promise.all(
    criteria.map(async ({ nodes, ...fields }) => {
      const wanted = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== "any"));
      return resolve(catalog, { ...wanted, nodes: nodes === 0 ? undefined : nodes }, { version: "1.2.3" });
    }),
  );
  expect(recipes.length).toBeGreaterThan(40);
  expect(recipes.flatMap(({ recipe }) => problemsOfTree(recipeTree(recipe)))).toEqual([]);
});

/** The real directory, as far as it is read. */
function catalogFiles(): Files {
  const kindOf = (entry: Stats): FileInfo["kind"] => (entry.isDirectory() ? "directory" : "file");
  const info = (path: string): FileInfo => ({ kind: kindOf(statSync(path)), size: statSync(path).size });
  return {
    info: async (path) => info(path),
    list: async (path) => readdirSync(path).map((name) => ({ name, ...info(join(path, name)) })),
    read: async (path) => readFileSync(path),
    write: () => Promise.reject(new Error("nothing is written")),
  };
}

const SNAPSHOT: Snapshot = {
  metadata: {
    version: "1.2.3",
    timestamp: "2026-01-02T03:04:05Z",
    sourceNode: "a",
    notMeasured: new Map([["gpu", "no driver"]]),
  },
  measurements: [
    {
      type: "K8s",
      subtypes: [
        {
          name: "server",
          data: new Map<string, string | number | boolean>([
            ["version", "v1.33.1"],
            ["n", 3],
            ["b", true],
          ]),
          context: new Map([["source", "x"]]),
        },
      ],
    },
  ],
};

test("what we write of snapshots, fleets and reports keeps to its schema", () => {
  const fleet = mergeFleet(
    ["a", "b", "c"].map((node) => ({
      node,
      snapshot: node === "c" ? { ...SNAPSHOT, measurements: [] } : SNAPSHOT,
    })),
  );
  const report = ctrfTree({
    tool: { name: "aicr", version: "1" },
    start: 1,
    stop: 2,
    tests: [
      {
        name: "a",
        verdict: "error",
        suite: ["policy", "p"],
        durationMs: 1.5,
        message: "m",
        output: ["x"],
        remediation: "r",
      },
    ],
  });
  expect([snapshotTree(SNAPSHOT), fleetTree(fleet), report].flatMap(problemsOfTree)).toEqual([]);
});

test("each schema is of its kind and edition, and is valid itself", () => {
  for (const [kind, schema] of Object.entries(SCHEMAS)) {
    expect([schema["$schema"], schema["$id"]]).toEqual([
      "https://json-schema.org/draft/2020-12/schema",
      `urn:aicr:schema:v1:${kind}`,
    ]);
    expect(schemaProblems({}, schema, "{}", "d.json").length).toBeGreaterThan(0);
  }
});

test("what is wrong is told with its line, and the nearest name", () => {
  expect(
    problemsOf(`kind: RecipeResult
apiVersion: example.com/v1
componentRefs:
  - name: ""
    verson: v1.2.3
  - 7
deploymentOrder: [a, {b: 1}]
criteria: null
validation:
  deployment:
    checkz: [operator-health]
constraints:
  - {name: K8s.server.version}
`),
  ).toEqual([
    '2:1 apiVersion: must match pattern "^aicr\\.nvidia\\.com\\/", found "example.com/v1"',
    '4:5 componentRefs[0].name: must NOT have fewer than 1 characters, found ""',
    '5:5 componentRefs[0].verson: unknown field "verson" (Did you mean "version"?)',
    "6:5 componentRefs[1]: expected a map, found 7",
    "7:22 deploymentOrder[1]: expected text, found a map",
    '11:5 validation.deployment.checkz: unknown field "checkz" (Did you mean "checks"?)',
    '13:5 constraints[0]: the field "value" is missing',
  ]);
});

test("keys that look like paths, pointers or prototypes are told as they are", () => {
  const text =
    '{"kind":"Snapshot","measurements":[{"type":"K8s","subtypes":[{"subtype":"s","data":{"a/b~c.d":[1]}}]}]}';
  const { schema } = schemaOf("Snapshot");
  const [problem] = schemaProblems(parseJson(text), schema, text, "s.json");
  expect([problem?.place, problem?.message]).toEqual([
    { file: "s.json", line: 1, column: 86, field: 'measurements[0].subtypes[0].data."a/b~c.d"' },
    "expected text or a number or true or false or null, found a list",
  ]);
  expect(problemsOf("{kind: Snapshot, measurements: [], toString: 1}")).toEqual([
    '1:36 toString: unknown field "toString" (Fields here: kind, apiVersion, metadata, measurements.)',
  ]);
  expect(
    problemsOf(
      "{kind: Snapshot, measurements: [{type: K8s, subtypes: [{subtype: s, data: {n: 12345678901234567890}}]}]}",
    ),
  ).toEqual([]);
});

test("the kind chooses the schema, in any case; one that is not there has a nearest", () => {
  expect(schemaOf("recipeRESULT").kind).toBe("RecipeResult");
  expect(schemaOfDocument({ reportFormat: "CTRF" }).kind).toBe("CtrfReport");
  expect(() => schemaOf("Snapshat")).toThrow(
    expect.objectContaining({ code: "NOT_FOUND", hint: 'Did you mean "Snapshot"?' }),
  );
  expect(() => schemaOf("toString")).toThrow('there is no schema "toString"');
  expect(() => schemaOfDocument([])).toThrow(
    expect.objectContaining({ code: "INVALID_INPUT", place: { field: "kind" } }),
  );
});
