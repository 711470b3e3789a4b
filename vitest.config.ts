import { defineConfig } from "vitest/config";
import PlainSummary from "./tools/plain-summary.ts";

export default defineConfig({
  test: {
    include: ["{packages,apps,catalog,test,tools,bench}/**/*.test.ts"],
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Real control planes on a shared machine are late at times; what fails three times is broken.
    retry: process.env["CI"] === "true" ? 2 : 0,
    reporters: ["default", new PlainSummary()],
  },
});
