import { Alert, App, Button, Card, Form, Input, Select } from "antd";
import type { Department, Person, SharingOffice } from "../../api/types";
import { useFormFaults } from "../../hooks/useFormFaults";
import { useFileOffice, usePeople } from "../../hooks/useOrg";
import { moment } from "../../words/time";
import { ClauseTag } from "../ClauseTag";
import { ProblemAlert } from "../ProblemAlert";
import { Waiting } from "../Waiting";

type Office = Omit<SharingOffice, "filed_at">;

const names = ["name", "head", "leader", "manager", "contact"];

function choices(people: readonly Person[], role?: string) {
  return people
    .filter((person) => !person.disabled && (!role || person.roles.includes(role)))
    .map((person) => ({ value: person.id, label: `${person.name}（${person.username}）` }));
}

function OfficeForm({ department, people, mayFile }: { department: Department; people: Person[]; mayFile: boolean }) {
  const [form] = Form.useForm<Office>();
  const faults = useFormFaults(form);
  const file = useFileOffice(department.id);
  const { message } = App.useApp();
  const send = (values: Office) => {
    faults.clear();
    file.mutate(values, {
      onSuccess: () => void message.success("已备案"),
      onError: (error) => faults.show(error, { names }),
    });
  };
  const pick = (role?: string) => (
    <Select showSearch allowClear optionFilterProp="label" placeholder="请选择本部门人员" options={choices(people, role)} />
  );
  return (
    <>
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      <Form<Office>
        form={form}
        layout="vertical"
        disabled={!mayFile}
        initialValues={department.sharing_office}
        onValuesChange={faults.mend}
        onFinish={send}
      >
        <div className="form-grid">
          <Form.Item name="name" label={<Label text="机构名称" clause="CN-11" />}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="contact" label={<Label text="联系方式（办公电话）" clause="CN-11" />}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item
            name="head"
            label={<Label text="负责人" clause="CN-11" />}
            extra={choices(people, "office_head").length === 0 ? "先由平台管理员给一名人员“共享工作机构负责人”的角色" : undefined}
          >
            {pick("office_head")}
          </Form.Item>
          <Form.Item name="leader" label={<Label text="分管领导" clause="XN-23" />}>
            {pick()}
          </Form.Item>
          <Form.Item name="manager" label={<Label text="日常管理人员" clause="XN-23" />}>
            {pick()}
          </Form.Item>
        </div>
        {mayFile && (
          <Button type="primary" htmlType="submit" loading={file.isPending}>
            {department.sharing_office ? "变更备案" : "备案"}
          </Button>
        )}
      </Form>
    </>
  );
}

function Label({ text, clause }: { text: string; clause: string }) {
  return (
    <span>
      {text} <ClauseTag clause={clause} />
    </span>
  );
}

/** The sharing office of a department, filed with its authority (CN-11, XN-23). */
export function OfficeCard({ department, mayFile }: { department: Department; mayFile: boolean }) {
  const filed = department.sharing_office;
  return (
    <Card size="small" title="政务数据共享工作机构" extra={filed?.filed_at && <span className="quiet">{moment(filed.filed_at)} 备案</span>}>
      {!filed && (
        <Alert
          className="gap-below"
          type="warning"
          showIcon
          message="共享工作机构尚未备案：备案前本部门不能报送目录、提出或者答复共享申请。"
        />
      )}
      {!mayFile && <p className="quiet">由本部门负责人、共享工作机构负责人或者平台管理员备案。</p>}
      <Waiting query={usePeople(department.id)}>
        {(people) => <OfficeForm key={department.version} department={department} people={people} mayFile={mayFile} />}
      </Waiting>
    </Card>
  );
}
