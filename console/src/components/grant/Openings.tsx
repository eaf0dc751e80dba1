import { Button, Card } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { GrantOpening } from "../../api/types";
import { useOpenCase } from "../../hooks/useCases";
import { StepModal } from "../case/StepModal";
import type { FormContext } from "../form/model";
import { openingName, openRequest } from "./openings";

interface Props {
  grant: string;
  openings: GrantOpening[];
  context: FormContext;
}

/** What the reader can start about a grant, as buttons. */
export function Openings({ grant, openings, context }: Props) {
  const [chosen, setChosen] = useState<GrantOpening>();
  const open = useOpenCase();
  const navigate = useNavigate();
  if (openings.length === 0) return null;
  return (
    <Card size="small" className="panel" title="可办理">
      <div className="buttons">
        {openings.map((opening) => (
          <Button key={`${opening.procedure}/${opening.action.id}`} onClick={() => setChosen(opening)}>
            {openingName(opening, openings)}
          </Button>
        ))}
      </div>
      {chosen && (
        <StepModal
          key={`${chosen.procedure}/${chosen.action.id}`}
          title={`${chosen.procedure_name}：${chosen.action.name}`}
          action={chosen.action}
          context={context}
          question={`确认就本授权发起“${chosen.procedure_name}”？`}
          okText="发起"
          send={async (values) => {
            const view = await open.mutateAsync(openRequest(grant, chosen, values));
            void navigate(`/cases/${view.id}`);
          }}
          onClose={() => setChosen(undefined)}
        />
      )}
    </Card>
  );
}
