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
  // The full name is for the tooltip; here there is room for the article only.
  const name = clauseName(clause, article);
  return (
    <Tooltip title={`依据${name}`}>
      <Tag className="clause" tabIndex={0} aria-label={`依据${name}`}>
        {article?.replace(/^《[^》]*》/, "") || articleName(clause)}
      </Tag>
    </Tooltip>
  );
}
