import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The address of a running node, for `npm run dev` only.
const node = "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    // dist/.gitkeep comes back with public/.gitkeep, so that an emptied dist
    // still embeds into the binary and git stays clean.
    emptyOutDir: true,
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      output: {
        // No leading "_" in a file name: Go's embed leaves such files out.
        chunkFileNames: "assets/c-[hash].js",
        entryFileNames: "assets/main-[hash].js",
        assetFileNames: "assets/a-[hash][extname]",
      },
    },
  },
  server: {
    proxy: {
      "/api": node,
      "/public": node,
      "/ledger": node,
      "/openapi.json": node,
      "/docs": node,
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test/setup.ts"],
    testTimeout: 20_000,
  },
});
