import { defineConfig } from "vitest/config";
import PlainSummary from "./tools/plain-summary.ts";

export default defineConfig({
  test: {
    include: ["{packages,apps,catalog,test,tools,bench}/**/*.test.ts"],
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    reporters: ["default", new PlainSummary()],
  },
});
