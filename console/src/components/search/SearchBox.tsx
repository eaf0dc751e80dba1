import { SearchOutlined } from "@ant-design/icons";
import { Input, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";

interface Props {
  value: string;
  busy?: boolean;
  /** Pause in typing after which the words are searched for, in milliseconds. */
  pause?: number;
  onSearch: (words: string) => void;
}

/**
 * The search box. It asks when typing pauses, and never in the middle of an
 * input method's composition, whose letters are not yet what is meant. "/"
 * leads to it from anywhere on the page.
 */
export function SearchBox({ value, busy, pause = 250, onSearch }: Props) {
  const [typed, setTyped] = useState(value);
  const [composing, setComposing] = useState(false);
  const asked = useRef(value);
  const box = useRef<InputRef>(null);

  // Going back changes the words from outside.
  useEffect(() => {
    if (value !== asked.current) {
      asked.current = value;
      setTyped(value);
    }
  }, [value]);

  const ask = useRef<(words: string) => void>(() => undefined);
  ask.current = (words) => {
    const tidy = words.trim().replace(/\s+/g, " ");
    if (tidy === asked.current) return;
    asked.current = tidy;
    onSearch(tidy);
  };

  useEffect(() => {
    if (composing) return;
    const timer = setTimeout(() => ask.current(typed), pause);
    return () => clearTimeout(timer);
  }, [typed, composing, pause]);

  useEffect(() => {
    const jump = (event: KeyboardEvent) => {
      const at = event.target as HTMLElement | null;
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || at?.closest("input, textarea, select, [contenteditable]")) return;
      event.preventDefault();
      box.current?.focus({ cursor: "all" });
    };
    document.addEventListener("keydown", jump);
    return () => document.removeEventListener("keydown", jump);
  }, []);

  return (
    <Input
      ref={box}
      size="large"
      type="search"
      aria-label="检索目录"
      placeholder="名称、代码、摘要、数据项、部门；一个字即可，也可用拼音首字母（按 / 定位到此）"
      prefix={<SearchOutlined aria-hidden />}
      suffix={busy ? <span className="quiet">检索中</span> : <span />}
      maxLength={200}
      allowClear
      value={typed}
      onCompositionStart={() => setComposing(true)}
      onCompositionEnd={(event) => {
        setComposing(false);
        setTyped(event.currentTarget.value);
      }}
      onChange={(event) => setTyped(event.target.value)}
      onPressEnter={(event) => {
        // The Enter that accepts a composition searches for nothing.
        if (!event.nativeEvent.isComposing) ask.current(event.currentTarget.value);
      }}
    />
  );
}
