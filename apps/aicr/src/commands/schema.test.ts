import { expect, test } from "vitest";
import { inWorkplace } from "../testing/aicr.ts";

test("lists the schemas, for people and for a pipe", async () => {
  await inWorkplace({}, async ({ run }) => {
    const { exit, out, err } = await run("schema");
    expect([exit, err, out.split("\n").map((line) => line.split("\t")[0])]).toEqual([
      0,
      "",
      [
        "Snapshot",
        "FleetSnapshot",
        "RecipeResult",
        "RecipeCriteria",
        "RecipeMetadata",
        "ComponentRegistry",
        "ValidatorCatalog",
        "ValidationPolicy",
        "CtrfReport",
        "",
      ],
    ]);
    expect((await run("schema", { tty: true })).out).toMatch(
      /^KIND {16}DOCUMENT\nSnapshot {12}What aicr snapshot measured/,
    );
  });
});

test("prints one, by its kind in any case", async () => {
  await inWorkplace({}, async ({ both }) => {
    const { exit, out, err } = await both("schema recipecriteria");
    expect([exit, err]).toEqual([0, ""]);
    expect(JSON.parse(out)).toEqual({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: "urn:aicr:schema:v1:RecipeCriteria",
      title: "What a recipe is asked for, as aicr recipe --criteria reads it",
      type: "object",
      properties: {
        kind: { const: "RecipeCriteria" },
        apiVersion: { type: "string", pattern: String.raw`^aicr\.nvidia\.com\/` },
        metadata: { type: "object" },
        spec: {
          type: "object",
          properties: {
            service: { type: "string" },
            accelerator: { type: "string" },
            intent: { type: "string" },
            os: { type: "string" },
            platform: { type: "string" },
            nodes: { description: "number of GPU nodes", type: "integer", minimum: 0 },
          },
          additionalProperties: false,
        },
      },
      required: ["spec"],
      additionalProperties: false,
    });
    expect(await both("schema Recipe")).toEqual({
      exit: 3,
      out: "",
      err: 'error: there is no schema "Recipe"\n  There are: Snapshot, FleetSnapshot, RecipeResult, RecipeCriteria, RecipeMetadata, ComponentRegistry, ValidatorCatalog, ValidationPolicy, CtrfReport.\n',
    });
  });
});
