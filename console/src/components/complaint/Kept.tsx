import { Alert, Button, Descriptions, Typography } from "antd";
import type { Lodged } from "../../api/types";

interface Props {
  lodged: Lodged;
  onAgain: () => void;
}

/** What to keep: the code is shown this once. */
export function Kept({ lodged, onAgain }: Props) {
  return (
    <section aria-label="已收到">
      <Alert
        type="success"
        showIcon
        role="status"
        className="gap-below"
        message="已收到您的投诉举报"
        description="请记下并妥善保存编号和查询码，查询办理情况时两者都要填写。查询码只显示这一次，遗失后不能找回。"
      />
      <Descriptions
        bordered
        size="small"
        column={1}
        className="gap-below"
        items={[
          {
            key: "number",
            label: "编号",
            children: <Typography.Text copyable>{lodged.number}</Typography.Text>,
          },
          {
            key: "code",
            label: "查询码",
            children: (
              <Typography.Text copyable code>
                {lodged.code}
              </Typography.Text>
            ),
          },
          { key: "department", label: "承办部门", children: lodged.department },
        ]}
      />
      <Button onClick={onAgain}>已保存，返回</Button>
    </section>
  );
}
