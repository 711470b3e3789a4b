import { PHASES } from "@slipway/recipe";
import { CHECK_NAMES } from "../check-names.ts";
import {
  AICR_API,
  anyMap,
  count,
  described,
  document,
  filledText,
  flag,
  header,
  listOf,
  oneOf,
  record,
  text,
  textOrNumber,
  texts,
  timestamp,
} from "./parts.ts";

const cel = described("an expression in CEL", filledText);
const duration = described("as Go writes it: 90s, 5m", {
  type: "string",
  pattern: String.raw`^(0|(\d+(\.\d*)?(ns|us|ms|s|m|h))+)$`,
});

/** The checks that validations run. */
export const validatorsSchema = document(
  "ValidatorCatalog",
  "The checks that aicr validate runs, and what to do about readings that are wrong",
  record(
    {
      ...header("ValidatorCatalog", AICR_API),
      metadata: anyMap,
      validators: listOf(
        record(
          {
            name: filledText,
            phase: oneOf(...PHASES),
            description: text,
            image: described("a container that ends with 0 passed, 1 failed, 2 skipped", text),
            check: described("a check of aicr itself, which counts before the image", oneOf(...CHECK_NAMES)),
            timeout: duration,
            args: texts,
            env: listOf(record({ name: filledText, value: textOrNumber }, ["name"])),
            resources: record({ cpu: textOrNumber, memory: textOrNumber }),
            permissions: described(
              "what the container may do, as rules of a role",
              listOf(record({ apiGroups: texts, resources: texts, verbs: texts }, ["apiGroups", "resources", "verbs"])),
            ),
            components: described("of these the recipe must have one", texts),
            always: described("whether it runs for every recipe", flag),
            remediation: text,
          },
          ["name", "phase"],
        ),
      ),
      remediations: listOf(
        record({ match: described("name of a reading; * is any text", filledText), text: filledText }, [
          "match",
          "text",
        ]),
      ),
    },
    ["validators"],
  ),
);

/** Rules of a user's own. */
export const policySchema = document(
  "ValidationPolicy",
  "Rules in CEL over snapshot, recipe and the objects of its bundle",
  record(
    {
      ...header("ValidationPolicy", AICR_API),
      metadata: anyMap,
      spec: record(
        {
          rules: {
            ...listOf(
              record(
                {
                  name: filledText,
                  description: text,
                  forEach: described("each is bound to object, or component", oneOf("objects", "components")),
                  match: cel,
                  expression: cel,
                  message: text,
                  messageExpression: cel,
                  severity: oneOf("error", "warning"),
                  remediation: text,
                },
                ["name", "expression"],
              ),
            ),
            minItems: 1,
          },
        },
        ["rules"],
      ),
    },
    ["kind", "spec"],
  ),
);

/** What validations report. */
export const reportSchema = document(
  "CtrfReport",
  "What aicr validate reports, in the Common Test Report Format",
  record(
    {
      reportFormat: { const: "CTRF" },
      specVersion: text,
      timestamp,
      generatedBy: text,
      results: record(
        {
          tool: record({ name: text, version: text }, ["name"]),
          summary: record(
            {
              tests: count,
              passed: count,
              failed: count,
              skipped: count,
              pending: count,
              other: count,
              start: count,
              stop: count,
            },
            ["tests", "passed", "failed", "skipped", "pending", "other", "start", "stop"],
          ),
          tests: listOf(
            record(
              {
                name: text,
                status: oneOf("passed", "failed", "skipped", "pending", "other"),
                duration: count,
                rawStatus: text,
                suite: texts,
                message: text,
                stdout: texts,
                extra: anyMap,
              },
              ["name", "status", "duration"],
            ),
          ),
        },
        ["tool", "summary", "tests"],
      ),
    },
    ["reportFormat", "specVersion", "results"],
  ),
);
