import { App, Button, Card, Form, Input, QRCode, Tag } from "antd";
import { useState } from "react";
import { useConfirmTOTP, useEnrolTOTP, useRemoveTOTP, useTOTP } from "../../hooks/useAccount";
import { secretWords } from "../../words/otpauth";
import { ProblemAlert } from "../ProblemAlert";
import { Waiting } from "../Waiting";

interface CodeFormProps {
  submit: string;
  danger?: boolean;
  sending: boolean;
  error: unknown;
  onCode: (code: string) => void;
}

function CodeForm({ submit, danger, sending, error, onCode }: CodeFormProps) {
  return (
    <Form<{ code: string }> layout="vertical" requiredMark={false} onFinish={({ code }) => onCode(code.trim())}>
      <ProblemAlert error={error} />
      <Form.Item
        name="code"
        label="身份验证器上的 6 位数字"
        rules={[
          { required: true, message: "请填写动态口令" },
          { pattern: /^\s*\d{6}\s*$/, message: "动态口令是 6 位数字" },
        ]}
      >
        <Input inputMode="numeric" autoComplete="one-time-code" maxLength={8} style={{ maxWidth: 200 }} />
      </Form.Item>
      <Button type="primary" danger={danger} htmlType="submit" loading={sending}>
        {submit}
      </Button>
    </Form>
  );
}

/** The address is a secret: it is drawn here, and is in no address, log or store. */
function Enrolment({ uri, onDone }: { uri: string; onDone: () => void }) {
  const confirm = useConfirmTOTP();
  return (
    <>
      <div className="totp-code">
        <QRCode value={uri} type="svg" size={200} errorLevel="M" />
        <div style={{ flex: "1 1 240px" }}>
          <p>用身份验证器扫描二维码，或者手工录入密钥，再填写验证器显示的数字。二维码只显示这一次，请勿截图外传。</p>
          <p>
            密钥 <code className="totp-secret">{secretWords(uri) ?? "—"}</code>
          </p>
        </div>
      </div>
      <CodeForm
        submit="确认绑定"
        sending={confirm.isPending}
        error={confirm.error}
        onCode={(code) => confirm.mutate(code, { onSuccess: onDone })}
      />
    </>
  );
}

function Unbound() {
  const enrol = useEnrolTOTP();
  const { message } = App.useApp();
  if (enrol.data) {
    return <Enrolment uri={enrol.data.uri} onDone={() => void message.success("已绑定动态口令，下次登录须填写")} />;
  }
  return (
    <>
      <p className="quiet">绑定后，登录除口令外还须填写身份验证器上的 6 位数字。</p>
      <ProblemAlert error={enrol.error} />
      <Button type="primary" loading={enrol.isPending} onClick={() => enrol.mutate()}>
        绑定动态口令
      </Button>
    </>
  );
}

function Bound() {
  const remove = useRemoveTOTP();
  const [asked, setAsked] = useState(false);
  const { message } = App.useApp();
  if (!asked) {
    return (
      <>
        <p className="quiet">登录须填写动态口令。更换设备的，先解除绑定再重新绑定；设备遗失的，请平台管理员解除。</p>
        <Button onClick={() => setAsked(true)}>解除绑定</Button>
      </>
    );
  }
  return (
    <CodeForm
      submit="解除绑定"
      danger
      sending={remove.isPending}
      error={remove.error}
      onCode={(code) => remove.mutate(code, { onSuccess: () => void message.success("已解除绑定") })}
    />
  );
}

/** Binds and unbinds the own authenticator. */
export function TOTPCard() {
  const totp = useTOTP();
  return (
    <Card
      size="small"
      title="动态口令"
      className="panel"
      extra={totp.data && <Tag color={totp.data.enrolled ? "green" : undefined}>{totp.data.enrolled ? "已绑定" : "未绑定"}</Tag>}
    >
      <Waiting query={totp}>{({ enrolled }) => (enrolled ? <Bound /> : <Unbound />)}</Waiting>
    </Card>
  );
}
