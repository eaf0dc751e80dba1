import { Button } from "antd";
import { Link } from "react-router";
import { useStarts } from "../../hooks/useStarts";
import { startPath } from "../../words/starts";

interface Props {
  procedure: string;
  /** What it is about, when that is known. */
  subject?: string;
  /** Words of the button; default: the beginning's own name. */
  words?: string;
  size?: "small" | "middle";
}

/** Leads to the beginnings of a procedure that the reader may take; nothing when there is none. */
export function StartLink({ procedure, subject, words, size = "middle" }: Props) {
  const starts = (useStarts().data ?? []).filter((one) => one.procedure === procedure);
  return (
    <>
      {starts.map((start) => (
        <Link key={start.action.id} to={startPath(start, subject)}>
          <Button size={size}>{words ?? start.action.name}</Button>
        </Link>
      ))}
    </>
  );
}
