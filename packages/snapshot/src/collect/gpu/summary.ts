import type { Reading, Subtype } from "../../model.ts";
import type { PciGpu } from "./pci.ts";
import type { Report } from "./report.ts";
import { gpuCount } from "./smi.ts";
import { amount, valueAt } from "./value.ts";

/** The subtype `summary` by nvidia-smi's report. */
export function summary(report: Report): Subtype {
  const models = report.gpus.map((gpu) => valueAt(gpu, ["product_name"]) ?? "unknown");
  const memory = report.gpus.map((gpu) => amount(valueAt(gpu, ["fb_memory_usage.total"])));
  const data = modelFacts("nvidia-smi", models).set("gpu-count", gpuCount(report));
  const total = memory.reduce<number>((sum, value) => sum + (typeof value === "number" ? value : 0), 0);
  if (total > 0) data.set("memory-total-mib", total);
  const distinct = (name: string, paths: readonly string[]): void => {
    const values = [...new Set(report.gpus.flatMap((gpu) => valueAt(gpu, paths) ?? []))].sort();
    if (values.length > 0) data.set(name, values.join(" "));
  };
  distinct("architectures", ["product_architecture"]);
  distinct("vbios-versions", ["vbios_version"]);
  const mig = report.gpus.filter((gpu) => gpu.text("mig_mode.current_mig") === "Enabled").length;
  data.set("mig-enabled", mig);
  return { name: "summary", data };
}

/** The subtype `summary` by what is on the PCI bus. */
export function pciSummary(gpus: readonly PciGpu[]): Subtype {
  return {
    name: "summary",
    data: modelFacts(
      "pci",
      gpus.map(({ model }) => model),
    ),
  };
}

/** `models` is `8 x NVIDIA H100 80GB HBM3`, the most frequent first. */
function modelFacts(source: string, models: readonly string[]): Map<string, Reading> {
  const counts = new Map<string, number>();
  for (const model of models) counts.set(model, (counts.get(model) ?? 0) + 1);
  const ordered = [...counts].sort(([one, many], [other, few]) => few - many || (one < other ? -1 : 1));
  return new Map<string, Reading>([
    ["source", source],
    ["gpu-count", models.length],
    ["uniform", ordered.length < 2],
    ["models", ordered.map(([model, count]) => `${count} x ${model}`).join(", ")],
  ]);
}
