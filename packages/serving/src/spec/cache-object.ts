import { SlipwayError, valueAt, type Tree, type TreeMap } from "@slipway/base";
import { checkSource, sourceOf } from "./cache-source.ts";
import { NIM_CACHE_FIELDS, type CacheFlag } from "./cache-fields.ts";
import { checkFileValues, valueProblems } from "./check-values.ts";
import type { Given } from "./field.ts";
import {
  checkFile,
  checkObjectName,
  layeredSpec,
  nimObject,
  type BuiltObject,
  type ObjectPlace,
} from "./nim-object.ts";
import { podsSpec } from "./pods-spec.ts";
import { canonicalQuantity } from "./quantity.ts";
import { storageOf } from "./storage.ts";
import { present, valuesOf, type Values } from "./values.ts";

/** What an object is made of, beside its flags. */
export interface CacheInput extends ObjectPlace {
  readonly given: Given<CacheFlag>;
  /** What the flags are laid over. */
  readonly file?: TreeMap | undefined;
}

/**
 * The NIMCache that values ask for, in the form that every release of the operator from 3.0 takes, with strict field
 * validation and by its webhook: nothing empty, one source, one kind of storage.
 *
 * @throws SlipwayError USAGE, naming the flag, for what the cluster or the operator would refuse, or choke on; INVALID_INPUT
 * for a file that is none of a NIMCache
 */
export function buildNimCache({ given, file, name, namespace }: CacheInput): BuiltObject {
  checkObjectName("NIMCache", name);
  const [problem] = valueProblems(NIM_CACHE_FIELDS, given);
  if (problem !== undefined) throw new SlipwayError("USAGE", problem.message, { hint: problem.hint });
  if (file !== undefined) {
    checkFile("NIMCache", file, { name, namespace });
    checkFileValues(NIM_CACHE_FIELDS, file);
  }
  const values = valuesOf(NIM_CACHE_FIELDS, given);
  const source = sourceOf(values, file);
  const storage = storageOf(values);
  const resources = resourcesOf(values);
  const said = present<Tree>({
    source: source.source,
    storage: storage.storage,
    resources: Object.keys(resources).length === 0 ? undefined : resources,
    ...podsSpec(values),
  });
  const spec = layeredSpec(source.fallback, file, said);
  checkSource(spec);
  checkStorage(spec);
  const warnings = [...source.warnings, ...storage.warnings];
  return { object: nimObject("NIMCache", { name, namespace }, values, spec, file), warnings };
}

function resourcesOf(values: Values<CacheFlag>): TreeMap {
  const [cpu, memory] = [values.text("resources-cpu"), values.text("resources-memory")];
  return present<Tree>({
    cpu: cpu === undefined ? undefined : canonicalQuantity(cpu),
    memory: memory === undefined ? undefined : canonicalQuantity(memory),
  });
}

function checkStorage(spec: TreeMap): void {
  const members = ["pvc", "hostPath"].filter((key) => valueAt(spec, "storage", key) !== undefined);
  if (members.length > 1)
    throw new SlipwayError("USAGE", "pvc and hostPath exclude each other: a model is stored in one place", {
      hint: "Leave one of them out of the file.",
    });
  if (members.length === 0)
    throw new SlipwayError("USAGE", "where is the cache stored? Nothing says it", {
      hint: "Give --pvc-storage-name, or --pvc-create=true with --pvc-size.",
    });
}
