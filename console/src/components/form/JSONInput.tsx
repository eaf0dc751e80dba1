import { Input } from "antd";
import { useState } from "react";

interface Props {
  id?: string;
  value?: unknown;
  onChange?: (value: unknown) => void;
}

/** A structure that this console has no editor for, typed as JSON. */
export function JSONInput({ id, value, onChange }: Props) {
  const [typed, setTyped] = useState(() => (value === undefined ? "" : JSON.stringify(value, null, 2)));
  const [broken, setBroken] = useState(false);
  const change = (text: string) => {
    setTyped(text);
    try {
      onChange?.(text.trim() === "" ? undefined : (JSON.parse(text) as unknown));
      setBroken(false);
    } catch {
      setBroken(true);
    }
  };
  return (
    <>
      <Input.TextArea
        id={id}
        className="mono"
        autoSize={{ minRows: 3 }}
        value={typed}
        status={broken ? "error" : undefined}
        onChange={(event) => change(event.target.value)}
      />
      {broken && <span role="alert">不是有效的 JSON，尚未采用</span>}
    </>
  );
}
