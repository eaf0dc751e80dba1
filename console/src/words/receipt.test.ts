import { expect, it } from "vitest";
import { receiptWords } from "./receipt";

it("reads entry and checkpoint of a receipt", () => {
  const words = receiptWords(
    JSON.stringify({
      format: "shuqiao-receipt/1",
      entry: '{"v":1,"id":"x","kind":"call","at":"2026-03-02T01:00:00.000000Z","facts":{"status":200}}',
      index: 41,
      inclusion: ["aa", "bb"],
      checkpoint: "node.example\n57\nroot=\n\n— node.example sig\n",
    }),
  );
  expect(words).toMatchObject({ kind: "call", index: "41", size: "57", hashes: 2, facts: { status: 200 } });
});

it.each(["", "no json", "[]", '{"entry": 3, "inclusion": "x"}'])("survives %j", (file) => {
  expect(receiptWords(file).hashes).toBe(0);
});
