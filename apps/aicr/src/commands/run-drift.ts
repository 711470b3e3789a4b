import { SlipwayError, writeJson, writeYaml, type ExitName } from "@slipway/base";
import type { Recipe } from "@slipway/recipe";
import {
  VERDICTS,
  compareDrift,
  driftText,
  driftTree,
  releasesOfSnapshot,
  type Drift,
  type DriftInput,
  type Verdict,
  type WantedComponent,
} from "@slipway/snapshot";
import { painter, type Colour, type CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { clusterOnce, type ClusterOnce } from "../actions/cluster-once.ts";
import { decodeFilledRecipe } from "../actions/decode-filled-recipe.ts";
import { readSnapshot } from "../actions/read-snapshot.ts";
import { withDocuments } from "../actions/with-documents.ts";
import { DRIFT_FLAGS } from "../flags/drift-flags.ts";

/** What `aicr drift` does. */
export async function drift(given: CommandDeps, context: CommandContext): Promise<ExitName> {
  const { read, log, progress } = context;
  const [source, snapshot] = [read(DRIFT_FLAGS.recipe) ?? "", read(DRIFT_FLAGS.snapshot) ?? ""];
  if (source === "")
    throw new SlipwayError("USAGE", "--recipe is missing: what should the cluster be?", {
      hint: "Make a recipe with aicr recipe.",
    });
  if (source === "-" && snapshot === "-")
    throw new SlipwayError("USAGE", "only one document can come from standard input");
  const cluster = clusterOnce(given, context);
  const target = read(DRIFT_FLAGS.output);
  const deps = await withDocuments(given, context, [source, snapshot, target], cluster);
  const { checkTarget, readDocument, writeDocument } = await import("@slipway/terminal/documents");
  const isScreen = checkTarget(target, deps) === undefined;
  const recipe = await readDocument(deps, source, "--recipe", decodeFilledRecipe);
  const found = compareDrift({ components: wanted(recipe), ...(await installed(deps, context, cluster, snapshot)) });
  progress.done();
  const format = read(DRIFT_FLAGS.format);
  const text = textOf(deps, found, format, isScreen);
  const info = { kind: "Drift", format: format === "text" ? "table" : format, version: deps.build.version } as const;
  const file = await writeDocument(deps, target, text, info);
  if (file !== undefined) log.info("drift written", { file, inStep: found.inStep });
  if (found.inStep || !read(DRIFT_FLAGS.failOnError)) return "DONE";
  throw new SlipwayError("ANSWER_IS_NO", `the cluster is not in step with the recipe: ${counts(found)}`);
}

/** How many components have each verdict that is not good; the document names them. */
function counts({ components }: Drift): string {
  return VERDICTS.filter((verdict) => verdict !== "in step" && verdict !== "not in recipe")
    .map((verdict) => [components.filter((component) => component.verdict === verdict).length, verdict] as const)
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => `${count} ${verdict}`)
    .join(", ");
}

/** Components without a chart are applied as manifests, of which Helm knows nothing. */
function wanted({ components }: Recipe): readonly WantedComponent[] {
  return components.map(({ name, version, namespace, chart }) => ({
    name,
    version,
    namespace,
    chart,
    isHelm: chart !== undefined && chart !== "",
  }));
}

async function installed(
  deps: CommandDeps,
  { log, progress }: CommandContext,
  cluster: ClusterOnce,
  source: string,
): Promise<Omit<DriftInput, "components">> {
  if (source !== "") {
    const snapshot = await readSnapshot(deps, source, "--snapshot");
    log.warn("--snapshot tells what Helm has installed, and not whether it runs");
    return { releases: releasesOfSnapshot(snapshot), workloads: [] };
  }
  progress.show("Reading releases and workloads");
  const { helmReleases, runningWorkloads } = await import("@slipway/snapshot/collect-cluster");
  const client = await cluster.client();
  const [{ releases, notes }, workloads] = await Promise.all([
    helmReleases(client, deps.io.signal),
    runningWorkloads(client, deps.io.signal),
  ]);
  progress.done();
  for (const note of notes) log.warn(note);
  return { releases, workloads, isPartial: notes.length > 0 };
}

function textOf({ io }: CommandDeps, found: Drift, format: "text" | "json" | "yaml", isScreen: boolean): string {
  if (format === "json") return writeJson(driftTree(found));
  if (format === "yaml") return writeYaml(driftTree(found));
  if (!isScreen) return driftText(found);
  const paint = painter(io.stdout, io.env);
  return driftText(found, (verdict, text) => paint(colourOf(verdict), text));
}

function colourOf(verdict: Verdict): Colour {
  if (verdict === "in step") return "green";
  return verdict === "not in recipe" || verdict === "unknown" ? "dim" : "red";
}
