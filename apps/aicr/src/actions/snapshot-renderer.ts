import { SlipwayError, utf8Text } from "@slipway/base";
import { snapshotText, templateData, type Snapshot } from "@slipway/snapshot";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { SNAPSHOT_FLAGS } from "../flags/snapshot-flags.ts";

/** Bytes that a template may have. */
const TEMPLATE_BYTES = 1024 * 1024;

/** Writes a snapshot in the form that the flags of a command ask for. */
export type SnapshotRenderer = (snapshot: Snapshot) => string;

/**
 * Makes what writes snapshots, so that a bad template is refused before anything is measured.
 *
 * @throws SlipwayError NOT_FOUND, INVALID_TEMPLATE with the place in the template, USAGE for a format beside a template
 */
export async function snapshotRenderer(
  deps: CommandDeps,
  { read, isGiven }: CommandContext,
): Promise<SnapshotRenderer> {
  const { template, format } = SNAPSHOT_FLAGS;
  const path = read(template);
  if (path === undefined || path === "") return (snapshot) => snapshotText(snapshot, read(format));
  if (isGiven(format) && read(format) !== "yaml")
    throw new SlipwayError("USAGE", "--template says what the output looks like, so --format cannot");
  const [{ parseTemplate }, { sprigFunctions }] = await Promise.all([
    import("@slipway/template"),
    import("@slipway/template/sprig-functions"),
  ]);
  const source = utf8Text(await deps.files.read(path, TEMPLATE_BYTES), path);
  const parsed = parseTemplate(source, { name: path, functions: sprigFunctions });
  return (snapshot) => parsed.render(templateData(snapshot), { clock: deps.clock });
}
