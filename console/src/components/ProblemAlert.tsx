import { Alert, Button } from "antd";
import { faultWords } from "../api/faults";
import { problemOf } from "../api/problem";
import { ClauseTag } from "./ClauseTag";

interface Props {
  error: unknown;
  /** Tries again; a button is shown when given. */
  onRetry?: () => void;
  /** Faults to list below the message; default: every one. */
  faults?: readonly string[];
}

/** A refusal with its reason and the clause it rests on. */
export function ProblemAlert({ error, onRetry, faults }: Props) {
  if (!error) return null;
  const problem = problemOf(error);
  const list = faults ?? problem.fields.map(faultWords);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      className="gap-below"
      message={
        <>
          {problem.message} <ClauseTag clause={problem.basis} />
        </>
      }
      description={
        list.length > 0 || problem.incident ? (
          <>
            {problem.incident && (
              <div>
                事件编号 <code>{problem.incident}</code>
              </div>
            )}
            <ul className="plain-list">
              {list.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </>
        ) : undefined
      }
      action={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            重试
          </Button>
        )
      }
    />
  );
}
