import { describe, expect, it } from "vitest";
import { conditionsOf, exportOf, paramsOf, placed, queryOf, searchOf, toggled } from "./search";

const round = (address: string) => paramsOf(searchOf(new URLSearchParams(address))).toString();

describe("a search in the address", () => {
  it("comes back as it was, several values included", () => {
    const address = "q=rk&region=1301&provider=a&provider=b&attribute=conditional";
    expect(round(address)).toBe(address);
  });

  it("drops blanks, doubles and what is not of a search", () => {
    expect(round("q=&attribute=&attribute=withheld&attribute=withheld&token=x")).toBe("attribute=withheld");
  });

  it("is asked with lists for facets and single values for trees", () => {
    const search = searchOf(new URLSearchParams("q=证&class=101&level=general_4&level=core"));
    expect(queryOf(search)).toEqual({ q: "证", class: "101", level: ["general_4", "core"] });
    expect(queryOf(searchOf(new URLSearchParams()))).toEqual({ q: undefined });
  });
});

describe("choosing", () => {
  const empty = searchOf(new URLSearchParams());

  it("ticks and unticks a value and leaves no empty facet behind", () => {
    const one = toggled(empty, "method", "service_api");
    const two = toggled(one, "method", "file_download");
    expect(two.many.method).toEqual(["service_api", "file_download"]);
    expect(conditionsOf(two)).toBe(2);
    const back = toggled(toggled(two, "method", "service_api"), "method", "file_download");
    expect(paramsOf(back).toString()).toBe("");
  });

  it("goes down and up a tree", () => {
    const down = placed(empty, "region", "130100");
    expect(conditionsOf(down)).toBe(1);
    expect(conditionsOf(placed(down, "region", undefined))).toBe(0);
  });
});

it("offers an export only of what the export can be narrowed to", () => {
  const of = (address: string) => exportOf(searchOf(new URLSearchParams(address)));
  expect(of("q=人口&provider=p&attribute=conditional")).toBe(
    `/api/v1/catalog/export?published=true&q=${encodeURIComponent("人口")}&provider=p&attribute=conditional`,
  );
  expect(of("")).toBeUndefined();
  expect(of("q=a&level=core")).toBeUndefined();
  expect(of("q=a&region=1301")).toBeUndefined();
  expect(of("q=a&provider=x&provider=y")).toBeUndefined();
});
