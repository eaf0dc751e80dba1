import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

// What Ant Design asks of a browser and jsdom lacks.
window.matchMedia = (query: string): MediaQueryList => ({
  matches: false,
  media: query,
  onchange: null,
  addListener: () => undefined,
  removeListener: () => undefined,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  dispatchEvent: () => false,
});

class NoResizes implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
window.ResizeObserver = NoResizes;

Element.prototype.scrollIntoView = () => undefined;

// jsdom matches every rule of the component library anew for every element
// that is looked up by role, which takes seconds. No test here is about looks.
window.getComputedStyle = (element) => {
  const style = (element as HTMLElement).style;
  const declared = style.getPropertyValue.bind(style);
  // The self-sizing text area reckons with these.
  style.getPropertyValue = (name) => declared(name) || (/^(padding|border)/.test(name) ? "0" : "");
  return style;
};

afterEach(cleanup);
