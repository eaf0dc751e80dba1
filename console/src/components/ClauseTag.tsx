import { Tag, Tooltip } from "antd";
import { articleName, clauseName } from "../words/clause";

interface Props {
  clause: string | null | undefined;
  /** Article as the rulebook names it; otherwise it is told from the ID. */
  article?: string | null | undefined;
}

/** The clause something rests on; its full name on hover or focus. */
export function ClauseTag({ clause, article }: Props) {
  if (!clause) return null;
  const name = clauseName(clause);
  return (
    <Tooltip title={`依据${name}`}>
      <Tag className="clause" tabIndex={0} aria-label={`依据${name}`}>
        {article || articleName(clause)}
      </Tag>
    </Tooltip>
  );
}
