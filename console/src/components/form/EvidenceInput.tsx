import { Input } from "antd";
import { useState, type ChangeEvent } from "react";
import { sha256Hex } from "../../words/digest";

interface Props {
  value?: string;
  onChange?: (value: string) => void;
  id?: string;
}

/**
 * A filed document, known by its SHA-256 digest. The file is digested here and
 * stays on the reader's machine; where the browser cannot (an address without
 * TLS), the digest is typed.
 */
export function EvidenceInput({ value, onChange, id }: Props) {
  const [note, setNote] = useState("文件不会上传，只登记其 SHA-256 摘要");
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (!file) return;
    setNote(`正在计算摘要：${file.name}`);
    // A file that is gone or locked cannot be read either.
    const digest = await file.arrayBuffer().then(sha256Hex, () => undefined);
    if (digest === undefined) {
      setNote("不能读取文件或者当前浏览器环境不能计算摘要，请手工填写");
      return;
    }
    setNote(`已计算摘要：${file.name}`);
    onChange?.(digest);
  };
  return (
    <div>
      <input type="file" aria-label="选择文件以计算摘要" onChange={(event) => void choose(event)} />
      <Input
        id={id}
        className="mono"
        value={value}
        maxLength={64}
        placeholder="64 位十六进制摘要"
        onChange={(event) => onChange?.(event.target.value.trim().toLowerCase())}
      />
      <span className="quiet" role="status">
        {note}
      </span>
    </div>
  );
}
