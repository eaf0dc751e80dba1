import { Card, List } from "antd";
import { useResponsibility } from "../../hooks/useGrants";
import { ClauseTag } from "../ClauseTag";
import { Waiting } from "../Waiting";

/** Who answers for which link of the chain under a grant, and how to reach them. */
export function Responsibility({ id }: { id: string }) {
  return (
    <Card size="small" title="责任清单">
      <Waiting query={useResponsibility(id)}>
        {({ items }) => (
          <List
            size="small"
            dataSource={items}
            rowKey={(duty) => `${duty.stage}/${duty.department}`}
            renderItem={(duty) => (
              <List.Item extra={<ClauseTag clause={duty.clause} />}>
                <List.Item.Meta
                  title={`${duty.name}：${duty.department_name}`}
                  description={
                    <>
                      <div>{duty.principle}</div>
                      <div>{[duty.office, duty.head, duty.contact].filter(Boolean).join(" · ")}</div>
                    </>
                  }
                />
              </List.Item>
            )}
          />
        )}
      </Waiting>
    </Card>
  );
}
