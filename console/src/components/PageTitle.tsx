import { Typography } from "antd";
import { useEffect, type ReactNode } from "react";

interface Props {
  title: string;
  /** Beside the title: tags. */
  aside?: ReactNode;
  /** At the right: buttons. */
  actions?: ReactNode;
  note?: ReactNode;
}

/** Head of a page; also names the browser tab. */
export function PageTitle({ title, aside, actions, note }: Props) {
  useEffect(() => {
    document.title = `${title} · 数桥`;
  }, [title]);
  return (
    <header className="page-title">
      <div className="page-title-words">
        <Typography.Title level={1}>{title}</Typography.Title>
        {aside}
      </div>
      {actions && <div className="page-title-actions">{actions}</div>}
      {note && <div className="page-title-note">{note}</div>}
    </header>
  );
}
