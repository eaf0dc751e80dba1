import { Drawer, Layout } from "antd";
import { useState } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { useMe } from "../hooks/useMe";
import { useVocabulary } from "../hooks/useVocabulary";
import { MainMenu } from "./MainMenu";
import { ProblemAlert } from "./ProblemAlert";
import { StartingUp } from "./StartingUp";
import { TopBar } from "./TopBar";

/** Frame of every page behind the sign-in. */
export function Shell() {
  const me = useMe();
  // The words of the catalog are on nearly every page: no page shows codes first and names a moment later.
  const words = useVocabulary(Boolean(me.data));
  const place = useLocation();
  const [menuOpen, setMenuOpen] = useState(false);

  if (me.data === undefined) {
    return me.error ? (
      <ProblemAlert error={me.error} onRetry={() => void me.refetch()} />
    ) : (
      <StartingUp />
    );
  }
  if (me.data === null) {
    const back = place.pathname + place.search;
    return <Navigate to={`/sign-in?to=${encodeURIComponent(back)}`} replace />;
  }
  if (words.data === undefined) {
    return words.error ? <ProblemAlert error={words.error} onRetry={() => void words.refetch()} /> : <StartingUp />;
  }
  return (
    <Layout className="shell">
      <a className="skip-link" href="#main">
        跳到正文
      </a>
      <TopBar me={me.data} onMenu={() => setMenuOpen(true)} />
      <Layout>
        <Layout.Sider width={168} className="shell-side" theme="light">
          <MainMenu />
        </Layout.Sider>
        <Drawer
          open={menuOpen}
          onClose={() => setMenuOpen(false)}
          placement="left"
          width={220}
          title="菜单"
          styles={{ body: { padding: 0 } }}
        >
          <MainMenu onChoose={() => setMenuOpen(false)} />
        </Drawer>
        <Layout.Content id="main" className="shell-main" tabIndex={-1}>
          <Outlet />
        </Layout.Content>
      </Layout>
    </Layout>
  );
}
