import { expect, it } from "vitest";
import { toProblem } from "../api/problem";
import { mlpsWords } from "../components/org/mlps";
import { liabilityClauses } from "./liability";
import { secretWords } from "./otpauth";
import { territoryPrefix } from "./territory";

it("takes the secret out of an otpauth address and nothing else", () => {
  expect(secretWords("otpauth://totp/x:y?secret=ABCDEFGHIJ&issuer=x")).toBe("ABCD EFGH IJ");
  expect(secretWords("https://example.test/?secret=ABCD")).toBeUndefined();
  expect(secretWords("nothing")).toBeUndefined();
});

it("keeps to the territory of a code", () => {
  expect(["100000", "130000", "130100", "130102"].map(territoryPrefix)).toEqual(["", "13", "1301", "130102"]);
});

it("offers items of the liability articles only", () => {
  const clause = (id: string) => ({ id, article: "", gist: "" });
  const found = liabilityClauses(["CN-39", "CN-39.4", "CN-21.1", "XN-26.8", "HB-3.1"].map(clause));
  expect(found.map(({ id }) => id)).toEqual(["CN-39.4", "XN-26.8"]);
});

it("says how a system's assessment stands", () => {
  const now = new Date("2026-01-01T00:00:00Z");
  const mlps = { level: 3, report_no: "1", assessed_by: "甲", valid_until: "2026-01-10T00:00:00Z" };
  expect(mlpsWords(undefined, now).color).toBe("red");
  expect(mlpsWords(mlps, now)).toEqual({ text: "等保三级，至 2026-01-10", color: "gold" });
  expect(mlpsWords({ ...mlps, valid_until: "2025-12-01T00:00:00Z" }, now).text).toContain("已到期");
});

it("takes a wrong code or password of somebody signed in for just that", () => {
  expect(toProblem(401, { code: "totp_invalid" }).signedOut).toBe(false);
  expect(toProblem(401, { code: "sign_in_failed" }).signedOut).toBe(false);
  expect(toProblem(401, { code: "session_ended" }).signedOut).toBe(true);
});
