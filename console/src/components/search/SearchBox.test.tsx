import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SearchBox } from "./SearchBox";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const box = () => screen.getByRole("searchbox", { name: "检索目录" });
const type = (value: string) => fireEvent.change(box(), { target: { value } });

it("asks once, when typing pauses", () => {
  const asked = vi.fn();
  render(<SearchBox value="" onSearch={asked} />);
  type("人");
  vi.advanceTimersByTime(100);
  type("人口");
  vi.advanceTimersByTime(240);
  expect(asked).not.toHaveBeenCalled();
  vi.advanceTimersByTime(20);
  expect(asked.mock.calls).toEqual([["人口"]]);
});

it("asks nothing while an input method composes, nor for the Enter that accepts", () => {
  const asked = vi.fn();
  render(<SearchBox value="" onSearch={asked} />);
  fireEvent.compositionStart(box());
  type("renk");
  fireEvent.keyDown(box(), { key: "Enter", isComposing: true });
  vi.advanceTimersByTime(5_000);
  expect(asked).not.toHaveBeenCalled();
  type("人口");
  fireEvent.compositionEnd(box());
  vi.advanceTimersByTime(250);
  expect(asked.mock.calls).toEqual([["人口"]]);
});

it("asks at once on Enter, and follows the address back", () => {
  const asked = vi.fn();
  const { rerender } = render(<SearchBox value="法人" onSearch={asked} />);
  type("  法人   登记 ");
  fireEvent.keyDown(box(), { key: "Enter" });
  expect(asked.mock.calls).toEqual([["法人 登记"]]);
  rerender(<SearchBox value="法人 登记" onSearch={asked} />);
  rerender(<SearchBox value="法人" onSearch={asked} />);
  expect(box()).toHaveProperty("value", "法人");
  vi.advanceTimersByTime(1_000);
  expect(asked).toHaveBeenCalledTimes(1);
});
