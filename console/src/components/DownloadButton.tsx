import { DownloadOutlined } from "@ant-design/icons";
import { App, Button, type ButtonProps } from "antd";
import { useState, type ReactNode } from "react";
import { problemOf } from "../api/problem";
import { fetchFile } from "../api/file";
import { saveBlob } from "../words/save";

interface Props extends Pick<ButtonProps, "type" | "size"> {
  /** Address of the file on this node. */
  from: string;
  children: ReactNode;
}

/** Fetches a file and gives it to the reader; a refusal is told in words instead of as a broken download. */
export function DownloadButton({ from, children, ...rest }: Props) {
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const load = async () => {
    setBusy(true);
    try {
      const { name, content } = await fetchFile(from);
      saveBlob(name, content);
    } catch (error) {
      void message.error(problemOf(error).message, 6);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button {...rest} icon={<DownloadOutlined />} loading={busy} onClick={() => void load()}>
      {children}
    </Button>
  );
}
