import { useLaw } from "../hooks/useLaw";
import { ClauseTag } from "./ClauseTag";

interface Props {
  clause: string;
  /** Also says in a few words what the clause is about. */
  gist?: boolean;
}

/** A clause as the law in force names it: the number alone does not tell paragraphs from items. */
export function LawClause({ clause, gist }: Props) {
  const found = useLaw().data?.clauses.find((one) => one.id === clause);
  return (
    <>
      <ClauseTag clause={clause} article={found?.article} />
      {gist && found && <div>{found.gist}</div>}
    </>
  );
}
