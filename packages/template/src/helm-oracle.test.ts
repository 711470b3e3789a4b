import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { helmBinary } from "../../../test/tools.ts";
import { render } from "./index.ts";
import { sprigFunctions } from "./sprig-functions.ts";
import { VALUES, VALUES_YAML, anyTemplate } from "./testing/arbitrary-template.ts";

const COUNT = 200;
const SEED = 20_260_101;

/** Different templates, always the same ones, from short to long. */
function templates(): readonly string[] {
  const sampled = fc.sample(anyTemplate, { numRuns: COUNT * 3, seed: SEED });
  return [...new Set(sampled)].filter((template) => template.length > 12).slice(0, COUNT);
}

/** What Helm makes of each template: one chart holds them all, and Base64 keeps each output apart and as it is. */
async function renderedByHelm(helm: string, sources: readonly string[]): Promise<readonly string[]> {
  const chart = await mkdtemp(join(tmpdir(), "slipway-oracle-"));
  try {
    await mkdir(join(chart, "templates"));
    await writeFile(join(chart, "Chart.yaml"), "apiVersion: v2\nname: oracle\nversion: 1.0.0\n");
    await writeFile(join(chart, "values.yaml"), VALUES_YAML);
    for (const [index, source] of sources.entries()) {
      await writeFile(join(chart, "templates", `_${index}.tpl`), `{{ define "t${index}" }}${source}{{ end }}`);
    }
    const calls = sources.map((_, index) => `t${index}: "{{ include "t${index}" . | b64enc }}"`);
    await writeFile(join(chart, "templates", "all.yaml"), calls.join("\n"));
    const { stdout } = await promisify(execFile)(helm, ["template", "oracle", chart], { maxBuffer: 64 * 1024 * 1024 });
    const lines = new Map([...stdout.matchAll(/^t(\d+): "(.*)"$/gm)].map(([, index, text]) => [Number(index), text]));
    return sources.map((_, index) => Buffer.from(lines.get(index) ?? "", "base64").toString("utf8"));
  } finally {
    await rm(chart, { recursive: true, force: true });
  }
}

test(`${COUNT} generated templates give what helm template gives`, { timeout: 300_000 }, async ({ skip }) => {
  const helm = await helmBinary();
  if (helm === undefined) {
    skip("helm cannot be had here");
    return;
  }
  const sources = templates();
  expect(sources.length).toBe(COUNT);
  const expected = await renderedByHelm(helm, sources);
  // Helm renders with missingkey=zero; a field of a missing map is an error there.
  const options = { functions: sprigFunctions, missingKey: "zero" } as const;
  const ours = sources.map((source) => ({ source, output: render(source, { Values: VALUES }, options) }));
  expect(ours).toEqual(sources.map((source, index) => ({ source, output: expected[index] })));
});
