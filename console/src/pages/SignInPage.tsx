import { Button, Card, Form, Input, Typography, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import { Link, Navigate, useNavigate, useSearchParams } from "react-router";
import { problemOf } from "../api/problem";
import { ProblemAlert } from "../components/ProblemAlert";
import { useMe } from "../hooks/useMe";
import { useSignIn } from "../hooks/useSession";
import { safeReturn } from "../words/return";

interface SignInForm {
  username: string;
  password: string;
  totp?: string;
}

/** Sign-in with password and one-time code; leads back to where the reader came from. */
export function SignInPage() {
  const me = useMe();
  const signIn = useSignIn();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const [askCode, setAskCode] = useState(false);
  const code = useRef<InputRef>(null);
  const back = safeReturn(search.get("to"));

  useEffect(() => {
    document.title = "登录 · 数桥";
  }, []);
  useEffect(() => {
    if (askCode) code.current?.focus();
  }, [askCode]);

  if (me.data) return <Navigate to={back} replace />;

  const submit = (form: SignInForm) =>
    signIn.mutate(
      { username: form.username.trim(), password: form.password, totp: form.totp?.trim() || undefined },
      {
        onSuccess: () => void navigate(back, { replace: true }),
        onError: (error) => {
          if (problemOf(error).code === "totp_required") setAskCode(true);
        },
      },
    );
  // Asking for the code is the next step, not a failure.
  const asked = signIn.error && problemOf(signIn.error).code === "totp_required";

  return (
    <main className="sign-in">
      <Card className="sign-in-card">
        <Typography.Title level={1} style={{ fontSize: 24 }}>
          数桥
        </Typography.Title>
        <p className="quiet">政务数据共享平台 · 请使用本人账号登录，办理行为全程留痕存证。</p>
        {!asked && <ProblemAlert error={signIn.error} />}
        <Form<SignInForm> layout="vertical" requiredMark={false} onFinish={submit}>
          <Form.Item name="username" label="用户名" rules={[{ required: true, message: "请填写用户名" }]}>
            <Input autoComplete="username" autoFocus size="large" maxLength={64} />
          </Form.Item>
          <Form.Item name="password" label="口令" rules={[{ required: true, message: "请填写口令" }]}>
            <Input.Password autoComplete="current-password" size="large" maxLength={256} />
          </Form.Item>
          <Form.Item
            name="totp"
            label="动态口令"
            extra={asked ? "请填写身份验证器上显示的 6 位数字。" : "身份验证器上的 6 位数字；未绑定的账号不填。"}
            rules={[
              { required: askCode, message: "请填写动态口令" },
              { pattern: /^\s*\d{6}\s*$/, message: "动态口令是 6 位数字" },
            ]}
          >
            <Input ref={code} inputMode="numeric" autoComplete="one-time-code" size="large" maxLength={8} />
          </Form.Item>
          <Button type="primary" htmlType="submit" size="large" block loading={signIn.isPending}>
            登录
          </Button>
        </Form>
        <p className="sign-in-foot">
          <Link to="/complaints">公众投诉举报（不需登录）</Link>
        </p>
      </Card>
    </main>
  );
}
