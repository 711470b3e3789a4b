import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{packages,apps,catalog,test,tools,bench}/**/*.test.ts"],
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
