import { expect, it } from "vitest";
import type { ReverseProposal } from "../api/types";
import { draftsOf } from "./proposals";

const proposal = (table: string, rest: Partial<ReverseProposal> = {}): ReverseProposal => ({
  table,
  selected: true,
  missing: [],
  notes: [],
  entry: { name: table },
  ...rest,
});

const list = [
  proposal("a"),
  proposal("tmp_b", { selected: false, reason: "临时表" }),
  proposal("c", { refused: "secret", entry: undefined }),
  proposal("d", { resource: "made before" }),
];

const tables = (ticked: [string, boolean][], edited = new Map()) => draftsOf(list, new Map(ticked), edited).map((draft) => draft.table);

it("takes what the platform proposes unless the reader says otherwise", () => {
  expect(tables([])).toEqual(["a"]);
  expect(tables([["a", false], ["tmp_b", true]])).toEqual(["tmp_b"]);
});

it("never takes what is refused or was made before, even when ticked", () => {
  expect(tables([["c", true], ["d", true]])).toEqual(["a"]);
});

it("sends an entry as it was edited", () => {
  expect(draftsOf(list, new Map(), new Map([["a", { name: "改过的" }]]))).toEqual([{ table: "a", entry: { name: "改过的" } }]);
});
