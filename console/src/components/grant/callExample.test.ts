import { expect, it } from "vitest";
import type { Grant } from "../../api/types";
import { callExample } from "./callExample";

const grant: Grant = {
  id: "0198-g", case: "c", resource: "r", resource_version: 1, consumer: "a", provider: "b", status: "active",
  systems: ["s"], items: ["name", "id_no"], clear: [], rows: [], purpose: "低保核对", more_purposes: [], scenario: "", mode: "query",
  method: "service_api", not_before: "2026-01-01T00:00:00Z", not_after: "2027-01-01T00:00:00Z",
  suspended_consumer: false, suspended_provider: false, suspended_authority: false, version: 1,
  created_at: "2026-01-01T00:00:00Z",
};

it("names address, purpose and items of the grant", () => {
  const command = callExample(grant, "https://node.example");
  expect(command).toContain("'https://node.example/share/v1/0198-g/rows'");
  expect(command).toContain(`Shuqiao-Purpose: ${encodeURIComponent("低保核对")}`);
  expect(command).toContain('{"items":["name","id_no"],"limit":10}');
});

it("calls verify for a grant that only verifies", () => {
  expect(callExample({ ...grant, mode: "verify" }, "https://n")).toContain("/verify'");
});

it("keeps a quote in a name from ending the shell's word", () => {
  const command = callExample({ ...grant, items: ["a'; rm -rf ~; '"] }, "https://n");
  expect(command).toContain("'\\''; rm -rf ~; '\\''");
});
